import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("complaint_portal_public_form", {
    steps: () => [
        {
            trigger: "#subject",
            run: "edit The oven smokes",
        },
        {
            trigger: "#description",
            run: "edit It smokes from the back.",
        },
        {
            content: "A mail address that is none",
            trigger: "#email",
            run: "edit nobody",
        },
        {
            trigger: "#name",
            run: "edit Rashad",
        },
        {
            trigger: ".o_complaint_form button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The error is said at the field",
            trigger: "#email_error:contains('mail address')",
        },
        {
            content: "Nothing typed is lost",
            trigger: "#description:value('It smokes from the back.')",
        },
        {
            trigger: "#email",
            run: "edit rashad@new-customer.example",
        },
        {
            trigger: ".o_complaint_form button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The number is shown",
            trigger: ".o_complaint_number:contains('CMP/')",
        },
        {
            content: "Follow the complaint",
            trigger: "a:contains('Follow your complaint')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_complaint_timeline [aria-current=step]",
        },
    ],
});
