import {registry} from "@web/core/registry";

registry.category("web_tour.tours").add("complaint_management_merge", {
    url: "/odoo/my-complaints",
    steps: () => [
        {
            content: "Choose both",
            trigger: ".o_data_row:contains('Oven cold once') .o_list_record_selector",
            run: "click",
        },
        {
            trigger: ".o_data_row:contains('Oven cold twice') .o_list_record_selector",
            run: "click",
        },
        {
            trigger: ".o_cp_action_menus button:contains('Actions')",
            run: "click",
        },
        {
            trigger: ".o-dropdown--menu .o-dropdown-item:contains('Merge complaints')",
            run: "click",
        },
        {
            content: "The first one stays",
            trigger: ".modal .o_field_widget[name=survivor_id] input:value('Oven cold once')",
        },
        {
            trigger: ".modal button[name=action_merge]",
            run: "click",
        },
        {
            content: "Its form names the other one",
            trigger: "body:not(:has(.modal)) .o_field_widget[name=merged_case_ids]:contains('Oven cold twice')",
        },
    ],
});
