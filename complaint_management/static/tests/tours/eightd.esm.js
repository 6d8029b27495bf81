import {registry} from "@web/core/registry";

const CLOSED_DIALOG = "body:not(:has(.modal))";
const D0 = ".o_field_widget[name=step_ids] .o_data_row:first-child";

/** Opens D0 of a report in its dialog. */
function openFirst() {
    return [
        {
            content: "Open D0",
            trigger: `${CLOSED_DIALOG} ${D0} td[name=discipline]`,
            run: "click",
        },
        {trigger: ".modal .o_field_widget[name=discipline]"},
    ];
}

/** Writes the result of D0 and submits it. */
function submitFirst(text) {
    return [
        ...openFirst(),
        {
            content: "Write what was done",
            trigger: ".modal .o_field_widget[name=content] .odoo-editor-editable",
            run: `editor ${text}`,
        },
        {
            trigger: ".modal .o_form_button_save, .modal footer button.btn-primary",
            run: "click",
        },
        {
            content: "Submit it",
            trigger: `${CLOSED_DIALOG} ${D0} button[name=action_submit]`,
            run: "click",
        },
        {trigger: `${D0} td[name=state]:contains("Submitted")`},
    ];
}

/** The leader submits D0 and sees that D1 waits for a result. */
registry.category("web_tour.tours").add("complaint_management_eightd_submit", {
    steps: () => submitFirst("Sale stopped"),
});

/** The reviewer sends D0 back: not without a comment. */
registry.category("web_tour.tours").add("complaint_management_eightd_reject", {
    steps: () => [
        ...openFirst(),
        {
            content: "Without a comment it isn't sent back",
            trigger: ".modal button[name=action_reject]",
            run: "click",
        },
        {
            trigger: ".o_error_dialog:contains('Write a comment'), .modal-body:contains('Write a comment')",
        },
        {
            trigger: ".modal:has(.o_error_dialog) footer button.btn-primary, .o_error_dialog footer button.btn-primary",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=comment] textarea",
            run: "edit Who was told?",
        },
        {
            trigger: ".modal button[name=action_reject]",
            run: "click",
        },
        {
            content: "The dialog shows the round",
            trigger: ".modal .alert-warning:contains('Who was told?')",
        },
    ],
});

/** The leader answers and submits again. */
registry.category("web_tour.tours").add("complaint_management_eightd_again", {
    steps: () => submitFirst("Sale stopped, 12 buyers called"),
});

/** The reviewer signs D0 off; the quality gate says what is still missing. */
registry.category("web_tour.tours").add("complaint_management_eightd_accept", {
    steps: () => [
        {
            trigger: `${D0} button[name=action_accept]`,
            run: "click",
        },
        {trigger: `${D0} td[name=state]:contains("Accepted")`},
        {
            trigger: ".o_notebook .nav-link[name=quality]",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=quality_findings]:contains('Find the root causes')",
        },
        {
            trigger: ".o_notebook .nav-link[name=reviews]",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=review_ids]:contains('Who was told?')",
        },
    ],
});

/** The leader closes a report whose disciplines are all signed off. */
registry.category("web_tour.tours").add("complaint_management_eightd_close", {
    steps: () => [
        {
            trigger: "button[name=action_done]",
            run: "click",
        },
        {trigger: ".o_arrow_button_current:contains('Finished')"},
    ],
});
