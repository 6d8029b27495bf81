import {patient} from "./patient.esm";
import {registry} from "@web/core/registry";

/** A customer is called after the end and isn't happy. */
registry.category("web_tour.tours").add("complaint_management_feedback", {
    steps: () => patient([
        {
            trigger: "button[name=action_enter_feedback]",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=score] .o_selection_badge:contains(/^3$/)",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=satisfaction] .o_selection_badge:contains('2')",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=comment] textarea",
            run: "edit It took too long",
        },
        {
            trigger: ".modal button[name=action_save]",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) .o_notebook .nav-link[name=feedback]",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=feedback_ids] .o_data_row:contains('Detractor')",
        },
    ]),
});
