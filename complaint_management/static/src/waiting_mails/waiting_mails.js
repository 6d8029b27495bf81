import {Component, onWillDestroy, useState} from "@odoo/owl";
import {browser} from "@web/core/browser/browser";
import {rpcBus} from "@web/core/network/rpc";
import {registry} from "@web/core/registry";
import {user} from "@web/core/user";
import {useBus, useService} from "@web/core/utils/hooks";
import {useDebounced} from "@web/core/utils/timing";

const MODEL = "complaint.intake.failure";
const WAITING = [
    ["state", "=", "open"],
    ["kind", "=", "quarantine"],
];
const REFRESH_MS = 3 * 60 * 1000;
// Steps that follow each other closely are one reason to ask.
const PAUSE_MS = 1000;

/** Counts the mails that wait for a person; hidden when there are none. */
export class WaitingMails extends Component {
    static template = "complaint_management.WaitingMails";
    static props = {};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({count: 0});
        const refresh = useDebounced(() => this.refresh(), PAUSE_MS);
        useBus(this.env.bus, "ACTION_MANAGER:UI-UPDATED", refresh);
        useBus(rpcBus, "RPC:RESPONSE", ({detail}) => {
            const {model, method} = detail.data?.params || {};
            if (model === MODEL && method?.startsWith("action_")) {
                refresh();
            }
        });
        const timer = browser.setInterval(refresh, REFRESH_MS);
        onWillDestroy(() => browser.clearInterval(timer));
    }

    async refresh() {
        try {
            // Asked once for a page, then remembered.
            if (await user.checkAccessRight(MODEL, "read")) {
                this.state.count = await this.orm.silent.searchCount(MODEL, WAITING);
            }
        } catch {
            // Without a connection the last number stays.
        }
    }

    open() {
        this.action.doAction("complaint_management.complaint_intake_failure_action", {
            clearBreadcrumbs: true,
        });
    }
}

registry
    .category("systray")
    .add("complaint_management.waiting_mails", {Component: WaitingMails}, {sequence: 30});
