import {registry} from "@web/core/registry";

const BADGE = ".o_field_widget[name=sla_deadline] button.o_complaint_countdown";
const now = Date.now;

/** Lets time pass in the browser, as if somebody came back to the page later. */
function pass(minutes) {
    Date.now = () => now() + minutes * 60 * 1000;
    document.dispatchEvent(new Event("visibilitychange"));
}

registry.category("web_tour.tours").add("complaint_management_countdown", {
    steps: () => [
        {
            content: "What is left, of which promise",
            trigger: `${BADGE}[data-level=running]:contains('Acknowledge · 2 h left')`,
            run: () => pass(60),
        },
        {
            content: "It counts on without asking the server",
            trigger: `${BADGE}[data-level=running]:contains('1 h left')`,
            run: () => pass(105),
        },
        {
            content: "Words say what the colour says",
            trigger: `${BADGE}[data-level=soon].text-bg-warning:contains('Due soon: 15 min left')`,
            run: () => pass(180),
        },
        {
            content: "Then it is late",
            trigger: `${BADGE}[data-level=late].text-bg-danger:contains('Late by 1 h')`,
            run: () => pass(0),
        },
        {
            content: "Pointing at it tells until when",
            trigger: `${BADGE}[title*='Acknowledge until']`,
            run: "click",
        },
        {
            content: "The account opens, with the line that applied",
            trigger: ".modal .o_field_widget[name=policy_reason]:contains('priority Critical')",
        },
        {
            trigger: ".modal .o_field_widget[name=ledger_html] .o_complaint_ledger",
        },
        {
            trigger: ".modal button[name=action_print_account]",
        },
        {
            trigger: ".modal footer button:contains('Close')",
            run: "click",
        },
        {
            content: "The same badge is in the list of promises",
            trigger: "body:not(:has(.modal)) button[name=action_open_ledger]",
            run: "click",
        },
        {
            trigger: ".o_list_view .o_data_row:contains('Resolution') .o_complaint_countdown:contains('24 h left')",
        },
    ],
});
