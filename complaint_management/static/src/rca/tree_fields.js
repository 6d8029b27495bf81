import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/** Shows the number of a line (1.2.1), moved in by as much as it stands below others. */
export class TreeNumberField extends Component {
    static template = "complaint_management.TreeNumberField";
    static props = {...standardFieldProps};

    get number() {
        return this.props.record.data[this.props.name] || "";
    }

    get style() {
        const depth = Math.min(this.number.split(".").length - 1, 5);
        return `padding-inline-start: ${depth * 0.6}rem`;
    }
}

/** Shows that there is something to think about; the words come when one asks. */
export class TreeHintField extends Component {
    static template = "complaint_management.TreeHintField";
    static props = {...standardFieldProps};

    get hint() {
        return this.props.record.data[this.props.name] || "";
    }
}

registry.category("fields").add("complaint_tree_number", {
    component: TreeNumberField,
    displayName: _t("Number in a tree"),
    supportedTypes: ["char"],
});
registry.category("fields").add("complaint_tree_hint", {
    component: TreeHintField,
    displayName: _t("Something to think about"),
    supportedTypes: ["char"],
});
