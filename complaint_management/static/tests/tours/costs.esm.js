import {patient} from "./patient.esm";
import {registry} from "@web/core/registry";

const COSTS = ".o_field_widget[name=cost_line_ids]";

/** Enters a cost of a type in the n-th row of the page “Costs”. */
function enterCost(n, type, quantity, unitCost) {
    const row = `${COSTS} .o_data_row:nth-child(${n}).o_selected_row`;
    return [
        {
            trigger: `${COSTS} .o_field_x2many_list_row_add a`,
            run: "click",
        },
        {
            trigger: `${row} td[name=type_id] input`,
            run: `edit ${type}`,
        },
        {
            trigger: `.o-autocomplete--dropdown-item:contains('${type}')`,
            run: "click",
        },
        {
            trigger: `${row}:has(td[name=type_id] input:value('${type}')) td[name=quantity] input`,
            run: `edit ${quantity}`,
        },
        {
            trigger: `${row} td[name=unit_cost] input`,
            run: `edit ${unitCost}`,
        },
    ];
}

/** Hours and a replacement: the hours count at once, the replacement waits. */
registry.category("web_tour.tours").add("complaint_management_costs_enter", {
    steps: () => patient([
        {
            trigger: ".o_notebook .nav-link[name=costs]",
            run: "click",
        },
        ...enterCost(1, "Labour hours", 3, 20),
        ...enterCost(2, "Replacement", 1, 1500),
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "Nothing counts yet",
            trigger: ".o_field_widget[name=cost_waiting]:contains('1,560.00')",
        },
        {
            trigger: "button[name=action_submit_costs]",
            run: "click",
        },
        {
            trigger: `${COSTS} .o_data_row:contains('Labour') td[name=state]:contains('Confirmed')`,
        },
        {
            trigger: `${COSTS} .o_data_row:contains('Replacement') td[name=state]:contains('To approve')`,
        },
        {
            content: "Only the hours count",
            trigger: ".o_field_widget[name=cost_actual]:contains('60.00')",
        },
        {
            trigger: ".o_field_widget[name=cost_waiting]:contains('1,500.00')",
        },
    ]),
});

/** A manager approves what waits, and sees what the case costs now. */
registry.category("web_tour.tours").add("complaint_management_costs_approve", {
    steps: () => patient([
        {
            trigger: ".o_data_row:contains('Replacement') button[name=action_approve]",
            run: "click",
        },
        {
            content: "Nothing waits any more",
            trigger: ".o_nocontent_help:contains('No cost waits')",
        },
    ]),
});
