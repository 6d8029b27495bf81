import {Component} from "@odoo/owl";
import {Dialog} from "@web/core/dialog/dialog";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardErrorDialogProps} from "@web/core/errors/error_dialogs";
import {useService} from "@web/core/utils/hooks";

const WAIT_MS = 100;
const WAIT_TIMES = 50;

function pause() {
    return new Promise((done) => setTimeout(done, WAIT_MS));
}

function findField(name) {
    return document.querySelector(
        `.o_form_view .o_field_widget[name="${CSS.escape(name)}"]`
    );
}

/**
 * Show a field of the form that is open, also when it is on another tab.
 *
 * @param {String} name
 * @returns {Promise<Boolean>} whether it was found
 */
async function showField(name) {
    let field = findField(name);
    const tabs = [...document.querySelectorAll(".o_form_view .o_notebook .nav-link")];
    for (const tab of tabs) {
        if (field) {
            break;
        }
        tab.click();
        await pause();
        field = findField(name);
    }
    if (!field) {
        return false;
    }
    field.scrollIntoView({block: "center"});
    field.classList.add("o_complaint_missing");
    const input = field.querySelector("input, textarea, select, button, a");
    (input || field).focus();
    return true;
}

/**
 * What is missing before a step, each point with a link to the place where a user
 * mends it. The data comes with the error, see ``GateError`` on the server.
 */
export class GateErrorDialog extends Component {
    static template = "complaint_management.GateErrorDialog";
    static components = {Dialog};
    static props = {...standardErrorDialogProps};

    setup() {
        this.action = useService("action");
        this.title = _t("Something is missing");
        this.message = this.props.data.message;
        this.groups = this.groupByCase(this.props.data.context?.missing || []);
    }

    groupByCase(points) {
        const groups = new Map();
        for (const point of points) {
            const key = `${point.res_model},${point.res_id}`;
            if (!groups.has(key)) {
                groups.set(key, {...point, key, points: []});
            }
            const group = groups.get(key);
            group.points.push({...point, key: `${key},${group.points.length}`});
        }
        return [...groups.values()];
    }

    isOpen(point) {
        const props = this.action.currentController?.props || {};
        return props.resModel === point.res_model && props.resId === point.res_id;
    }

    async onClickPoint(point) {
        this.props.close();
        if (!this.isOpen(point)) {
            await this.action.doAction({
                type: "ir.actions.act_window",
                res_model: point.res_model,
                res_id: point.res_id,
                views: [[false, "form"]],
            });
        }
        if (!point.field) {
            return;
        }
        for (let count = 0; count < WAIT_TIMES; count++) {
            if (document.querySelector(".o_form_view .o_notebook")) {
                break;
            }
            await pause();
        }
        await showField(point.field);
    }
}

registry
    .category("error_dialogs")
    .add("odoo.addons.complaint_management.exceptions.GateError", GateErrorDialog);
