import {patient} from "./patient.esm";
import {registry} from "@web/core/registry";

const CLOSED_DIALOG = "body:not(:has(.modal))";
const LIST = ".o_field_widget[name=nonconformity_ids]";
const PAGE = ".o_notebook .nav-link[name=nonconformities]";

/** A case is moved on with two quick clicks, then linked to a second one. */
registry.category("web_tour.tours").add("complaint_management_nonconformity_move", {
    steps: () => patient([
        {
            content: "An impatient double click",
            trigger: ".o_statusbar_buttons button[name=action_transfer_nonconformity]",
            run: "dblclick",
        },
        {
            content: "Their side shows the complaint",
            trigger: ".o_field_widget[name=complaint_case_lines]:contains('The oven smokes')",
        },
        {
            trigger: ".o_statusbar_status .o_arrow_button:contains('Analysis')",
            run: "click",
        },
        {
            trigger: ".o_statusbar_status .o_arrow_button_current:contains('Analysis')",
        },
        {
            content: "Back to the complaint",
            trigger: "button[name=action_open_complaint_cases]",
            run: "click",
        },
        {
            trigger: ".o_form_view:has(.badge:contains('Nonconformity open')) " + PAGE,
            run: "click",
        },
        {
            content: "Our side shows how far it is",
            trigger: `${LIST} .o_data_row:contains('The oven smokes') td[name=stage_id]:contains('Analysis')`,
        },
        {
            content: "It isn't offered a second time",
            trigger:
                ".o_form_view:not(:has(button[name=action_transfer_nonconformity])) button[name=action_link_nonconformity]",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=nonconformity_id] input",
            run: "edit Cables",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains('Cables come loose')",
            run: "click",
        },
        {
            trigger: ".modal button[name=action_confirm]:contains('Link')",
            run: "click",
        },
        {
            trigger: `${CLOSED_DIALOG} .o_field_widget[name=complaint_case_lines]:contains('The oven smokes')`,
        },
    ]),
});

/** A manager lets the complaint close although one of the two isn't closed. */
registry.category("web_tour.tours").add("complaint_management_nonconformity_aside", {
    steps: () => patient([
        {
            trigger: PAGE,
            run: "click",
        },
        {
            trigger: `${LIST}:has(.o_data_row:contains('Cables')) .o_data_row:contains('The oven smokes')`,
        },
        {
            trigger: "button[name=action_put_aside_nonconformity]",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=nonconformity_id] input",
            run: "edit Cables",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains('Cables come loose')",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=reason] textarea",
            run: "edit The cables are changed in spring",
        },
        {
            trigger: ".modal button[name=action_confirm]",
            run: "click",
        },
        {
            content: "The decision stands on the complaint",
            trigger: `${CLOSED_DIALOG} ${PAGE}`,
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=nonconformity_waiver_ids] .o_data_row:contains('changed in spring')",
        },
    ]),
});
