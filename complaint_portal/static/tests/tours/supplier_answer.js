import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("complaint_portal_supplier_answer", {
    steps: () => [
        {
            content: "The open request is announced on the first page",
            trigger: "#portal_alert_category .o_portal_index_card:not(.d-none) a[href='/my/scars']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Open the request",
            trigger: ".o_complaint_row a:contains('Lid melts')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Acknowledge",
            trigger: ".o_scar_acknowledge",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "It is acknowledged",
            trigger: ".alert-success:contains('you work on it')",
        },
        {
            trigger: "#containment",
            run: "edit The stock is sorted.",
        },
        {
            trigger: "#root_cause",
            run: "edit The dryer was too cold.",
        },
        {
            content: "Save the draft",
            trigger: "button[name=action][value=save]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The draft is kept",
            trigger: ".alert-success:contains('Your draft is saved')",
        },
        {
            content: "Send too early",
            trigger: "button[name=action][value=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "What is missing is said, and what was typed is still there",
            trigger: ".alert-danger[role=alert]:contains('Corrective action')",
        },
        {
            trigger: "#corrective_action",
            run: "edit The dryer has an alarm now.",
        },
        {
            trigger: "#preventive_action",
            run: "edit All dryers get one.",
        },
        {
            content: "Send the answer",
            trigger: "button[name=action][value=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The answer is read-only now",
            trigger: ".o_scar_answer:contains('The dryer was too cold.')",
        },
        {
            trigger: "body:not(:has(textarea))",
        },
    ],
});
