import {registry} from "@web/core/registry";

const noDialog = "body:not(:has(.modal))";

// What happens on a legal matter, one tour for each person who takes part.
registry.category("web_tour.tours").add("complaint_management_legal_hold", {
    steps: () => [
        {
            content: "The threat is seen, and its words",
            trigger: ".o_form_view .alert:contains('Legal risk')",
        },
        {
            trigger: ".o_cp_action_menus .fa-cog",
            run: "click",
        },
        {
            trigger: ".o-dropdown--menu .o-dropdown-item:contains('Put under legal hold')",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=name] input",
            run: "edit District Court 114/2026",
        },
        {
            trigger: ".modal .o_field_widget[name=reason] :is(input, textarea)",
            run: "edit The customer has sued",
        },
        {
            trigger: ".modal button[name=action_place]",
            run: "click",
        },
        {
            content: "The hold stands",
            trigger: `${noDialog} .o_form_view:contains('District Court 114/2026')`,
        },
    ],
});

registry.category("web_tour.tours").add("complaint_management_legal_approve", {
    steps: () => [
        {
            trigger: "button[name=action_approve]",
            run: "click",
        },
        {
            trigger:
                ".o_statusbar_status .o_arrow_button_current:contains('Approved')",
        },
    ],
});

registry.category("web_tour.tours").add("complaint_management_legal_answer", {
    steps: () => [
        {
            content: "The hold is told to whoever works on the complaint",
            trigger: ".o_form_view .alert:contains('District Court 114/2026')",
        },
        {
            trigger: "button[name=action_approved_answer]",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=template_id] input",
            run: "edit We look into it",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains('We look into it')",
            run: "click",
        },
        {
            content: "It is shown as the customer will read it",
            trigger: ".modal .o_field_widget[name=body]:contains('is examining it')",
        },
        {
            trigger: ".modal button[name=action_send]",
            run: "click",
        },
        {
            trigger: `${noDialog} .o-mail-Message:contains('is examining it')`,
        },
    ],
});

registry.category("web_tour.tours").add("complaint_management_legal_release", {
    steps: () => [
        {
            trigger: "button[name=action_open_release]",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=reason] :is(input, textarea)",
            run: "edit The judgment is final",
        },
        {
            trigger: ".modal button[name=action_ask]",
            run: "click",
        },
        {
            trigger: `${noDialog} .o_statusbar_status .o_arrow_button_current:contains('Release asked')`,
        },
    ],
});

registry.category("web_tour.tours").add("complaint_management_legal_confirm", {
    steps: () => [
        {
            trigger: "button[name=action_confirm_release]",
            run: "click",
        },
        {
            content: "It is asked whether that is meant",
            trigger: ".modal .modal-footer .btn-primary",
            run: "click",
        },
        {
            trigger:
                ".o_statusbar_status .o_arrow_button_current:contains('Released')",
        },
    ],
});
