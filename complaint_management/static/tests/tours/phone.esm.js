import {registry} from "@web/core/registry";
import {stepUtils} from "@web_tour/tour_utils";

registry.category("web_tour.tours").add("complaint_management_phone", {
    url: "/odoo",
    steps: () => [
        stepUtils.showAppsMenuItem(),
        {
            content: "Open the complaints",
            trigger:
                ".o_app[data-menu-xmlid='complaint_management.complaint_management_menu_root']",
            run: "click",
        },
        {
            content: "The phone rings",
            trigger: ".o_list_view button:contains('New call')",
            run: "click",
        },
        {
            content: "The number, as it is spoken",
            trigger: ".o_field_widget[name=partner_id] input",
            run: "edit 050 123 45 67",
        },
        {
            trigger: ".ui-menu-item > a:contains('Elşad Quliyev')",
            run: "click",
        },
        {
            content: "Their number is there",
            trigger: ".o_field_widget[name=partner_phone] input:value('+994 50 123 45 67')",
        },
        {
            content: "And what they complained about before",
            trigger: ".o_field_widget[name=recent_case_ids] td:contains('Loud fridge')",
        },
        {
            content: "What happened",
            trigger: ".o_field_widget[name=subject] input",
            run: "edit The oven door glass is broken",
        },
        {
            trigger: ".o_field_widget[name=description] textarea",
            run: "edit It broke when it was hot.",
        },
        {
            content: "Somebody else complained about that too",
            trigger:
                ".o_field_widget[name=similar_case_ids] td:contains('Oven door glass broken')",
        },
        {
            content: "Done, and ready for the next one",
            trigger: "button[name=action_next_call]",
            run: "click",
        },
        {
            trigger: ".o_notification:contains('The oven door glass is broken')",
        },
        {
            content: "An empty screen",
            trigger:
                "body:not(:has(.o_field_widget[name=recent_case_ids])) .o_field_widget[name=subject] input",
        },
        {
            trigger: ".o_field_widget[name=is_anonymous] input",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=subject] input",
            run: "edit Rude at the counter",
        },
        {
            trigger: "button[name=action_open_case]",
            run: "click",
        },
        {
            content: "The case has a number",
            trigger: ".o_field_widget[name=name]:contains('CMP/')",
        },
    ],
});
