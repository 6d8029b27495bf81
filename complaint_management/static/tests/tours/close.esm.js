import {registry} from "@web/core/registry";

const CURRENT = ".o_statusbar_status .o_arrow_button_current";
const CLOSED_DIALOG = "body:not(:has(.modal))";

/**
 * A case is answered and closed. What is missing on the way is listed with links that
 * lead to the field. Starts on the form of a case in the step Response.
 */
registry.category("web_tour.tours").add("complaint_management_close", {
    steps: () => [
        {
            content: "Without the decision told it doesn't go on",
            trigger: `${CURRENT}:contains('Response')`,
        },
        {
            trigger: "button[name=action_next_stage]",
            run: "click",
        },
        {
            content: "The dialog lists what is missing",
            trigger: ".modal .o_error_dialog .list-group-item:contains('The decision in words')",
        },
        {
            content: "The link leads to the field on its tab",
            trigger: ".modal .list-group-item button:contains('The decision in words')",
            run: "click",
        },
        {
            trigger: `${CLOSED_DIALOG} .o_field_widget[name=decision].o_complaint_missing textarea`,
            run: "edit You get a new oven on Friday.",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "Tell the customer",
            trigger: ".o_form_saved, .o_form_status_indicator_buttons.invisible",
        },
        {
            trigger: "button[name=action_answer]",
            run: "click",
        },
        {
            content: "The letter has the decision and says how to write",
            trigger: ".modal .o_field_widget[name=body]:contains('You get a new oven on Friday.')",
        },
        {
            trigger: ".modal .alert:contains('aysel@customer.example')",
        },
        {
            trigger: ".modal button[name=action_send]:contains('Send')",
            run: "click",
        },
        {
            trigger: `${CLOSED_DIALOG} button[name=action_enter_verdict]`,
            run: "click",
        },
        {
            content: "The customer accepts",
            trigger: ".modal .o_field_widget[name=words] textarea",
            run: "edit Thank you",
        },
        {
            trigger: ".modal button[name=action_confirm]",
            run: "click",
        },
        {
            trigger: `${CLOSED_DIALOG} button[name=action_next_stage]`,
            run: "click",
        },
        {
            trigger: `${CURRENT}:contains('Monitoring'), .o_arrow_button_current:contains('Monitoring')`,
        },
        {
            content: "A lesson is asked for before the end",
            trigger: "button[name=action_next_stage]",
            run: "click",
        },
        {
            trigger: ".modal .list-group-item button:contains('lesson')",
            run: "click",
        },
        {
            trigger: `${CLOSED_DIALOG} .o_field_widget[name=lesson].o_complaint_missing textarea`,
            run: "edit Test the cable at the end of the line.",
        },
        {
            trigger: "button[name=action_next_stage]",
            run: "click",
        },
        {
            trigger: ".o_arrow_button_current:contains('Closed')",
        },
        {
            content: "It can be re-opened, with a reason",
            trigger: "button[name=action_reopen]",
        },
    ],
});
