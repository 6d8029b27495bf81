import {registry} from "@web/core/registry";
import {stepUtils} from "@web_tour/tour_utils";

const CURRENT = ".o_statusbar_status .o_arrow_button_current";

registry.category("web_tour.tours").add("complaint_management_handler", {
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
            content: "A customer calls",
            trigger: ".o_list_button_add, .o-kanban-button-new",
            run: "click",
        },
        {
            content: "What it is about",
            trigger: ".o_field_widget[name=subject] input, .o_field_widget[name=subject] textarea",
            run: "edit The oven smokes",
        },
        {
            content: "Who calls",
            trigger: ".o_field_widget[name=partner_id] input",
            run: "edit Aysel Kaz",
        },
        {
            trigger: ".ui-menu-item > a:contains('Aysel Kazımova')",
            run: "click",
        },
        {
            content: "In their words",
            trigger: ".o_field_widget[name=description] textarea",
            run: "edit It smoked from the back as soon as it was on.",
        },
        {
            content: "Save",
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "The case has a number",
            trigger: ".o_field_widget[name=name]:contains('CMP/')",
        },
        {
            content: "The clock runs",
            trigger: ".o_field_widget[name=sla_deadline]:contains('left')",
        },
        {
            content: "Take it",
            trigger: "button[name=action_assign_to_me]",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=user_id] :contains('Handler'), .o_field_widget[name=user_id] input",
        },
        {
            content: "Go on to triage",
            trigger: "button[name=action_next_stage]",
            run: "click",
        },
        {
            trigger: `${CURRENT}:contains('Triage')`,
        },
        {
            content: "Without a category it doesn't go on",
            trigger: "button[name=action_next_stage]",
            run: "click",
        },
        {
            content: "The refusal says what is missing",
            trigger: ".modal .o_error_dialog:contains('A category'), .modal-body:contains('A category')",
        },
        {
            trigger: ".modal-footer button.btn-primary",
            run: "click",
        },
        {
            content: "Classify",
            trigger: "body:not(:has(.modal)) .o_field_widget[name=category_id] input",
            run: "edit Product safety",
        },
        {
            trigger: ".ui-menu-item > a:contains('Product safety')",
            run: "click",
        },
        {
            content: "This is critical",
            trigger: ".o_field_widget[name=priority] span:contains('Critical')",
            run: "click",
        },
        {
            content: "Now it goes on",
            trigger: "button[name=action_next_stage]",
            run: "click",
        },
        {
            trigger: `${CURRENT}:contains('Investigation')`,
        },
    ],
});
