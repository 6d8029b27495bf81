import {Component, toRaw} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {countdownAt, serverNow, usePulse} from "./countdown";
import {sayCountdown, sayDetails} from "./countdown_text";

const DATA_FIELD = "sla_countdown";
// What goes well is quiet, so that what doesn't is seen.
const LOOKS = {
    running: ["bg-success-subtle text-success-emphasis", "fa-clock-o"],
    soon: ["text-bg-warning", "fa-hourglass-end"],
    late: ["text-bg-danger", "fa-exclamation-circle"],
    paused: ["bg-info-subtle text-info-emphasis", "fa-pause-circle"],
    met: ["bg-success-subtle text-success-emphasis", "fa-check-circle"],
    missed: ["text-bg-danger", "fa-times-circle"],
    cancelled: ["text-bg-secondary", "fa-ban"],
};

/** Shows what is left until a deadline, in the time in which the promise counts, and
 * counts on without asking the server. With the option ``open`` it opens the account. */
export class CountdownField extends Component {
    static template = "complaint_management.CountdownField";
    static props = {
        ...standardFieldProps,
        isButton: {type: Boolean, optional: true},
        withKind: {type: Boolean, optional: true},
    };

    setup() {
        this.pulse = usePulse();
        this.orm = useService("orm");
        this.action = useService("action");
    }

    /** What the badge shows now; null without a promise. */
    get badge() {
        const data = toRaw(this.props.record.data[DATA_FIELD]);
        if (!data || !data.state) {
            return null;
        }
        const now = data.now ? serverNow(data) : 0;
        const view = countdownAt(data, now);
        const [look, icon] = LOOKS[view.level];
        const text = sayCountdown(data, view, now);
        return {
            // Read here, so that each beat renders the badge again.
            beat: this.pulse.count,
            look,
            icon,
            text,
            level: view.level,
            kind: this.props.withKind ? data.kind : "",
            details: sayDetails(data, text),
        };
    }

    get isButton() {
        return Boolean(this.props.isButton && this.props.record.resId);
    }

    async open() {
        const {resModel, resId, model} = this.props.record;
        const action = await this.orm.call(resModel, "action_open_account", [[resId]]);
        await this.action.doAction(action, {onClose: () => model.load()});
    }
}

registry.category("fields").add("complaint_countdown", {
    component: CountdownField,
    displayName: _t("Countdown of a promise"),
    supportedTypes: ["datetime"],
    supportedOptions: [
        {label: _t("Opens the account"), name: "open", type: "boolean"},
        {label: _t("Names the promise"), name: "kind", type: "boolean"},
    ],
    extractProps: ({options}) => ({
        isButton: Boolean(options.open),
        withKind: Boolean(options.kind),
    }),
    fieldDependencies: [{name: DATA_FIELD, type: "json"}],
    listViewWidth: [150, 260],
});
