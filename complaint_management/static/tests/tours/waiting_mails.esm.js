import {registry} from "@web/core/registry";

const COUNTER = ".o_complaint_waiting_mails .badge";

registry.category("web_tour.tours").add("complaint_management_waiting_mails", {
    url: "/odoo",
    steps: () => [
        {
            content: "Three mails wait; open the list",
            trigger: `${COUNTER}:contains(3)`,
            run: "click",
        },
        {
            content: "They are grouped by sender; choose them all",
            trigger:
                ".o_list_view:has(.o_group_name:contains('aysel@customer.example')) thead .o_list_record_selector input",
            run: "click",
        },
        {
            trigger: "button[name=action_make_one_case]",
            run: "click",
        },
        {
            trigger: ".modal-footer .btn-primary",
            run: "click",
        },
        {
            content: "The case is open and nothing waits any more",
            trigger:
                "body:not(:has(.o_complaint_waiting_mails .badge)) .o_form_view:has(div[name=banners]) .o_field_widget[name=subject]",
        },
    ],
});
