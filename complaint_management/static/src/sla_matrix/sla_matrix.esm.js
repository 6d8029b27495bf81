import {Component, onWillStart, useRef, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {localization} from "@web/core/l10n/localization";
import {usePopover} from "@web/core/popover/popover_hook";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {formatFloat} from "@web/core/utils/numbers";
import {Layout} from "@web/search/layout";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {SlaMatrixEditor} from "./sla_matrix_editor.esm";

const MODEL = "complaint.sla.policy";
const ALL_SEGMENTS = "all";
const MOVES = {
    ArrowUp: [-1, 0],
    ArrowDown: [1, 0],
    ArrowLeft: [0, -1],
    ArrowRight: [0, 1],
    Home: [0, -Infinity],
    End: [0, Infinity],
};

/**
 * All promises at once: categories and segments down, priorities across. A cell without
 * a line of its own shows what it inherits, as the server finds it for cases.
 */
export class SlaMatrix extends Component {
    static template = "complaint_management.SlaMatrix";
    static components = {Layout};
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.editor = usePopover(SlaMatrixEditor, {
            position: "bottom-start",
            popoverClass: "o_complaint_matrix_popover",
            onClose: () => this.focusCell(),
        });
        this.table = useRef("table");
        this.display = {controlPanel: {}};
        this.targets = [
            {name: "acknowledge", icon: "fa-check", label: _t("Acknowledge")},
            {name: "respond", icon: "fa-reply", label: _t("First response")},
            {name: "resolve", icon: "fa-flag-checkered", label: _t("Resolution")},
            {name: "update_every", icon: "fa-bell-o", label: _t("Keep informed every")},
        ];
        this.state = useState({
            matrix: null,
            companyId: null,
            segmentId: ALL_SEGMENTS,
            query: "",
            isOwnOnly: false,
            focus: {row: 0, column: 0},
            undos: [],
        });
        onWillStart(() => this.load());
    }

    async load() {
        this.state.matrix = await this.orm.call(MODEL, "get_matrix", [], {
            company_id: this.state.companyId,
            segment_id: this.state.segmentId,
        });
        this.state.companyId = this.state.matrix.company_id;
        const last = Math.max(this.rows.length - 1, 0);
        this.state.focus.row = Math.min(this.state.focus.row, last);
    }

    // -- what is shown -----------------------------------------------------------
    get rows() {
        const query = this.state.query.trim().toLocaleLowerCase();
        return this.state.matrix.rows.filter(
            (row) =>
                (!query ||
                    this.getRowName(row).toLocaleLowerCase().includes(query) ||
                    row.path.toLocaleLowerCase().includes(query)) &&
                (!this.state.isOwnOnly || row.cells.some((cell) => cell.is_own))
        );
    }

    get columns() {
        return [...this.state.matrix.priorities, [false, _t("Any priority")]];
    }

    getRowName(row) {
        return row.name || _t("Any category");
    }

    getRowKey(row) {
        return `${row.category_id},${row.segment_id}`;
    }

    getUnit(cell) {
        const found = this.state.matrix.units.find(
            ([unit]) => unit === cell.values.unit
        );
        return found ? found[1] : "";
    }

    formatTarget(cell, name) {
        const value = cell.values[name];
        return value ? formatFloat(value, {trailingZeros: false}) : "–";
    }

    hasPromise(cell) {
        return cell.values && this.targets.some(({name}) => cell.values[name]);
    }

    getCellTitle(cell) {
        if (!cell.values) {
            return _t("No promise");
        }
        const times = this.targets.map(
            ({name, label}) => `${label}: ${this.formatTarget(cell, name)}`
        );
        const origin = cell.is_own
            ? _t("A promise of its own")
            : _t("Taken over from: %s", cell.source);
        return [...times, this.getUnit(cell), cell.calendar, origin]
            .filter(Boolean)
            .join("\n");
    }

    // -- moving ------------------------------------------------------------------
    isFocused(row, column) {
        return this.state.focus.row === row && this.state.focus.column === column;
    }

    focusCell() {
        const {row, column} = this.state.focus;
        this.table.el
            ?.querySelector(`[data-row="${row}"][data-column="${column}"]`)
            ?.focus();
    }

    onKeydown(ev, row, column) {
        if ((ev.ctrlKey || ev.metaKey) && ev.key.toLowerCase() === "z") {
            this.undo();
        } else if (ev.key in MOVES) {
            this.move(ev.key, row, column);
        } else if (["Enter", "F2", " "].includes(ev.key)) {
            this.open(ev.currentTarget, row, column);
        } else if (["Delete", "Backspace"].includes(ev.key)) {
            this.clear(this.rows[row], this.rows[row].cells[column]);
        } else {
            return;
        }
        ev.preventDefault();
    }

    move(key, row, column) {
        let [down, across] = MOVES[key];
        if (localization.direction === "rtl" && key.startsWith("Arrow")) {
            across = -across;
        }
        const clamp = (value, size) => Math.max(0, Math.min(value, size - 1));
        this.state.focus.row = clamp(row + down, this.rows.length);
        this.state.focus.column = clamp(column + across, this.columns.length);
        this.focusCell();
    }

    // -- editing -----------------------------------------------------------------
    open(target, row, column) {
        this.state.focus = {row, column};
        if (!this.state.matrix.can_edit) {
            return;
        }
        const line = this.rows[row];
        const cell = line.cells[column];
        this.editor.open(target, {
            cell,
            title: [this.getRowName(line), line.segment, this.columns[column][1]]
                .filter(Boolean)
                .join(" · "),
            targets: this.targets,
            units: this.state.matrix.units,
            calendars: this.state.matrix.calendars,
            onSave: (values) => this.store(line, cell, values),
        });
    }

    async clear(line, cell) {
        if (this.state.matrix.can_edit && cell.is_own) {
            await this.store(line, cell, false);
        }
    }

    /** Returns what is wrong, or nothing. */
    async store(line, cell, values) {
        const key = {
            company_id: this.state.companyId,
            category_id: line.category_id,
            priority: cell.priority,
            segment_id: line.segment_id,
        };
        const seen = cell.is_own ? {...cell.values} : false;
        const problem = await this.call(key, values, seen);
        if (!problem) {
            this.state.undos.push({key, seen: values, values: seen});
        }
        return problem;
    }

    async undo() {
        const last = this.state.undos.pop();
        if (!last) {
            return;
        }
        const problem = await this.call(last.key, last.values, last.seen);
        if (problem) {
            this.notification.add(problem, {type: "warning"});
        } else {
            this.notification.add(_t("The last change was taken back."), {
                type: "success",
            });
        }
    }

    async call(key, values, seen) {
        let problem = "";
        try {
            await this.orm.call(MODEL, "set_cell", [key, values, seen]);
        } catch (error) {
            if (!error.data?.message) {
                throw error;
            }
            problem = error.data.message;
        }
        await this.load();
        return problem;
    }

    // -- choosing ----------------------------------------------------------------
    async chooseSegment(segmentId) {
        this.state.segmentId = segmentId;
        await this.load();
    }

    async onCompany(ev) {
        this.state.companyId = Number(ev.target.value) || false;
        this.state.undos = [];
        await this.load();
    }

    openList() {
        this.action.doAction("complaint_management.complaint_sla_policy_action");
    }

    openReplay() {
        this.action.doAction("complaint_management.complaint_sla_replay_action");
    }
}

registry.category("actions").add("complaint_management.sla_matrix", SlaMatrix);
