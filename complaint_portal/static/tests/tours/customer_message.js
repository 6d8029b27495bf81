import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("complaint_portal_customer_message", {
    steps: () => [
        {
            content: "Open the complaints",
            trigger: ".o_portal_index_card:not(.d-none) a[href='/my/complaints']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Open the case",
            trigger: ".o_complaint_row a:first",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Read the answer of the team",
            trigger: ".o_complaint_message_ours:contains('We are looking into it.')",
        },
        {
            content: "The present step is marked",
            trigger: ".o_complaint_timeline [aria-current=step]",
        },
        {
            content: "Write back",
            trigger: "#message",
            run: "edit The oven is still cold.",
        },
        {
            trigger: ".o_complaint_reply button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The message is sent",
            trigger: ".alert-success:contains('Your message was sent')",
        },
        {
            trigger: ".o_complaint_message:contains('The oven is still cold.')",
        },
    ],
});
