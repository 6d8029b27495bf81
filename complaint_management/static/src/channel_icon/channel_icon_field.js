import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/** Shows the name of a Font Awesome icon as the icon; the channel is its title. */
export class ChannelIconField extends Component {
    static template = "complaint_management.ChannelIconField";
    static props = {...standardFieldProps};

    get icon() {
        return this.props.record.data[this.props.name];
    }

    get title() {
        const channel = this.props.record.data.channel_id;
        return (channel && channel.display_name) || this.props.record.data.name || "";
    }
}

registry.category("fields").add("complaint_channel_icon", {
    component: ChannelIconField,
    displayName: _t("Icon of the channel"),
    supportedTypes: ["char"],
});
