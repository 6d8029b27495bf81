import {registry} from "@web/core/registry";

const cell = (category, priority, own) =>
    `.o_complaint_cell${own ? ".o_own" : ".o_inherited"}[data-category="${category}"]` +
    `[data-segment="any"][data-priority="${priority}"]`;
const input = (name) => `.o_complaint_matrix_editor input[name=${name}]`;
const row = (name) => `th[scope=row]:contains("${name}") ~ td`;

registry.category("web_tour.tours").add("complaint_management_sla_matrix", {
    steps: () => [
        {
            content: "What critical cases are promised, whatever their category",
            trigger: `${cell("any", "3", true)}:contains("24")`,
        },
        {
            content: "A category takes that over, and says from where",
            trigger: `${row("Tour category")}.o_inherited[data-priority="3"]:contains("Critical")`,
            run: "click",
        },
        {
            trigger: input("resolve"),
            run: "edit x",
        },
        {
            trigger: ".o_complaint_matrix_editor button[type=submit]",
            run: "click",
        },
        {
            content: "Nonsense is refused in place",
            trigger: ".o_complaint_matrix_editor .alert:contains('numbers')",
        },
        {
            trigger: input("resolve"),
            run: "edit 12",
        },
        {
            trigger: ".o_complaint_matrix_editor button[type=submit]",
            run: "click",
        },
        {
            content: "The cell has a promise of its own now",
            trigger: `${row("Tour category")}.o_own[data-priority="3"]:contains("12")`,
        },
        {
            content: "Take it back",
            trigger: ".o_complaint_matrix_undo:enabled",
            run: "click",
        },
        {
            trigger: `${row("Tour category")}.o_inherited[data-priority="3"]:contains("24")`,
            run: "click",
        },
        {
            content: "By keyboard it goes too",
            trigger: input("resolve"),
            run: "edit 6",
        },
        {
            trigger: input("resolve"),
            run: "press Enter",
        },
        {
            trigger: `${row("Tour category")}.o_own[data-priority="3"]:contains("6")`,
        },
        {
            trigger: "body:not(:has(.o_complaint_matrix_editor))",
        },
    ],
});
