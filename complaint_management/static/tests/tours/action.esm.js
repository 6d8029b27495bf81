import {patient} from "./patient.esm";
import {registry} from "@web/core/registry";

const CLOSED_DIALOG = "body:not(:has(.modal))";
const OPTION = ".o-autocomplete--dropdown-item";

/** Chooses a record in the dialog of a new action. */
function choose(name, text) {
    return [
        {
            trigger: `.modal .o_field_widget[name=${name}] input`,
            run: `edit ${text}`,
        },
        {
            trigger: `${OPTION}:contains('${text}')`,
            run: "click",
        },
    ];
}

/** An action against a root cause is planned, and implemented by its owner. */
registry.category("web_tour.tours").add("complaint_management_action_plan", {
    steps: () => patient([
        {
            trigger: ".o_notebook .nav-link[name=actions]",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=action_ids] .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=name] input",
            run: "edit Screw the cable",
        },
        ...choose("complaint_root_id", "Loose cable"),
        {
            trigger: ".modal .nav-link[name=verification]",
            run: "click",
        },
        ...choose("verifier_id", "Manager"),
        {
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        {
            trigger: `${CLOSED_DIALOG} .o_form_button_save`,
            run: "click",
        },
        {
            trigger: "button[name=action_open_actions]:contains('1')",
            run: "click",
        },
        {
            trigger: ".o_breadcrumb:contains('Actions')",
        },
        {
            trigger: ".o_list_view .o_data_row td[name=name]:contains('Screw the cable')",
            run: "click",
        },
        {
            trigger: "button[name=action_implement]",
            run: "click",
        },
        {
            content: "Its verification waits",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains('Closed')",
        },
    ]),
});

/** A second person verifies it, finds that it didn't work, and plans another one. */
registry.category("web_tour.tours").add("complaint_management_action_judge", {
    steps: () => patient([
        {
            trigger: ".o_data_row td[name=name]:contains('Screw the cable')",
            run: "click",
        },
        {
            trigger: ".o_notebook .nav-link[name=verification]",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=verification_note] textarea",
            run: "edit Seen at line 2",
        },
        {
            trigger: "button[name=action_verify].btn-primary",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=verified_by_id]:contains('Manager')",
        },
        {
            trigger: "button[name=action_judge]",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=result] .o_radio_item:contains('work') input[data-value=not_effective]",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=note] textarea",
            run: "edit Two more fires",
        },
        {
            content: "It asks what is done instead",
            trigger: ".modal .o_field_widget[name=follower_name] input",
            run: "edit Solder the cable",
        },
        {
            trigger: ".modal button[name=action_judge]",
            run: "click",
        },
        {
            trigger: `${CLOSED_DIALOG} .o_field_widget[name=name] input:value('Solder the cable')`,
        },
        {
            trigger: ".o_field_widget[name=follows_id] input:value(/Screw the cable/)",
        },
    ]),
});
