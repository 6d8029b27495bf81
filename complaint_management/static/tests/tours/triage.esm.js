import {registry} from "@web/core/registry";

const tab = (name) => `.o_notebook_headers a[name=${name}]`;
const answer = (question, text) =>
    `.o_field_widget[name=${question}] .o_radio_item:contains("${text}") input`;

registry.category("web_tour.tours").add("complaint_management_triage", {
    steps: () => [
        {
            content: "The rules say how urgent it is, and why",
            trigger:
                ".o_field_widget[name=priority_reasons]:contains('fault in product')",
        },
        {
            content: "Answer the five questions",
            trigger: tab("assessment"),
            run: "click",
        },
        {
            trigger: answer("assess_severity", "Serious"),
            run: "click",
        },
        {
            trigger: answer("assess_safety", "Danger to people"),
            run: "click",
        },
        {
            trigger: answer("assess_complexity", "One person"),
            run: "click",
        },
        {
            trigger: answer("assess_impact", "A few customers"),
            run: "click",
        },
        {
            trigger: answer("assess_urgency", "Today"),
            run: "click",
        },
        {
            content: "The risk shows at once",
            trigger: "[name=badges] .badge:contains('High risk')",
        },
        {
            content: "And so does what the rules make of it",
            trigger: ".o_field_widget[name=priority_reasons]:contains('in danger')",
        },
        {
            content: "Write down what was done at once",
            trigger: tab("initial"),
            run: "click",
        },
        {
            trigger: "button[name=action_open_initial_report]",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=found] textarea",
            run: "edit The cable is loose.",
        },
        {
            trigger: ".o_field_widget[name=done] textarea",
            run: "edit The customer unplugged the oven.",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            trigger: "button[name=action_open_hand_over]",
            run: "click",
        },
        {
            trigger: ".modal button[name=action_confirm]",
            run: "click",
        },
        {
            trigger: ".o_statusbar_status .o_arrow_button_current:contains('Sent')",
        },
        {
            content: "Back to the complaint",
            trigger: ".o_breadcrumb a:contains('oven')",
            run: "click",
        },
        {
            content: "Critical is what was proposed and taken",
            trigger:
                ".o_field_widget[name=priority] .active:contains('Critical'), .o_field_widget[name=priority] .o_selection_badge.active:contains('Critical')",
        },
        {
            content: "Find it not justified",
            trigger: tab("decision"),
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=validity] span:contains('Not justified')",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=validity_reason] textarea",
            run: "edit It was used as a heater.",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "That takes a second person",
            trigger: "[name=banners] .alert:contains('second person')",
        },
        {
            trigger: ".o_form_saved",
        },
    ],
});
