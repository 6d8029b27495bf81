import {patient} from "./patient.esm";
import {registry} from "@web/core/registry";

const SUGGESTED = ".o_field_widget[name=suggested_lesson_ids]";

/** What a closed case taught is written down and published. */
registry.category("web_tour.tours").add("complaint_management_lesson_publish", {
    steps: () => patient([
        {
            trigger: ".o_notebook .nav-link[name=decision]",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=lesson] textarea",
            run: "edit Torque the screws of the cable.",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "It is pointed out that nobody else can read it yet",
            trigger: ".alert:contains('its lesson') button[name=action_make_lesson]",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=name] textarea:value(/Torque the screws/), .o_field_widget[name=name] input:value(/Torque the screws/)",
        },
        {
            trigger: "button[name=action_publish]",
            run: "click",
        },
        {
            trigger: ".o_statusbar_status .o_arrow_button_current:contains('Published')",
        },
    ]),
});

/** Whoever works on the next such case finds the lesson, reads and applies it. */
registry.category("web_tour.tours").add("complaint_management_lesson_apply", {
    steps: () => patient([
        {
            trigger: `${SUGGESTED} .o_data_row:contains('Torque the screws') button[name=action_mark_read]`,
            run: "click",
        },
        {
            trigger: `${SUGGESTED}:not(:has(button[name=action_mark_read])) button[name=action_apply]`,
            run: "click",
        },
        {
            trigger: `${SUGGESTED}:not(:has(button[name=action_apply])) .o_data_row:contains('Torque')`,
        },
    ]),
});
