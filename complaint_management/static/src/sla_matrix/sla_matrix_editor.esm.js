import {Component, useEffect, useRef, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {formatFloat} from "@web/core/utils/numbers";
import {parseFloat} from "@web/views/fields/parsers";

const DEFAULT_UNIT = "business_hours";

/** The times that one cell promises; begins with what the cell inherits. */
export class SlaMatrixEditor extends Component {
    static template = "complaint_management.SlaMatrixEditor";
    static props = {
        cell: Object,
        title: String,
        targets: Array,
        units: Array,
        calendars: Array,
        onSave: Function,
        close: Function,
    };

    setup() {
        const {cell, targets} = this.props;
        const texts = {};
        for (const {name} of targets) {
            const value = cell.values ? cell.values[name] : 0;
            texts[name] = formatFloat(value, {trailingZeros: false});
        }
        this.state = useState({
            texts,
            unit: cell.values ? cell.values.unit : DEFAULT_UNIT,
            calendarId: (cell.values && cell.values.calendar_id) || false,
            problem: "",
            isSaving: false,
        });
        this.root = useRef("root");
        useEffect(
            (form) => {
                form.querySelector("input").select();
            },
            () => [this.root.el]
        );
    }

    get originText() {
        const {cell} = this.props;
        if (cell.is_own) {
            return _t("A promise of its own");
        }
        return cell.source
            ? _t("Taken over from: %s", cell.source)
            : _t("Nothing is promised here");
    }

    onCalendar(ev) {
        this.state.calendarId = Number(ev.target.value) || false;
    }

    parseValues() {
        const values = {unit: this.state.unit, calendar_id: this.state.calendarId};
        for (const {name} of this.props.targets) {
            values[name] = parseFloat(this.state.texts[name].trim() || "0");
        }
        return values;
    }

    async save() {
        let values = {};
        try {
            values = this.parseValues();
        } catch {
            this.state.problem = _t("Write the times as numbers; 0 promises nothing.");
            return;
        }
        await this.finish(values);
    }

    async finish(values) {
        this.state.isSaving = true;
        const problem = await this.props.onSave(values);
        if (problem) {
            this.state.problem = problem;
            this.state.isSaving = false;
        } else {
            this.props.close();
        }
    }
}
