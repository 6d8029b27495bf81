from odoo.tests import HttpCase, tagged

from .common import SupplierCommon

OPEN_ALL_VIEWS = """
(async () => {
    const actions = %(actions)s;
    const action = odoo.__WOWL_DEBUG__.root.env.services.action;
    const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
    for (const [xmlid, views] of actions) {
        for (const view of views) {
            const options = {viewType: view.type, clearBreadcrumbs: true};
            if (view.resId) {
                options.props = {resId: view.resId};
            }
            await action.doAction(xmlid, options);
            await wait(400);
            const error = document.querySelector(".o_error_dialog");
            if (error) {
                throw new Error(xmlid + " " + view.type + ": " + error.textContent);
            }
            const wanted = `.o_${view.type}_view, .o_${view.type}_renderer`;
            if (!document.querySelector(wanted)) {
                throw new Error(xmlid + " " + view.type + " did not open");
            }
        }
    }
    console.log("test successful");
})().catch((error) => console.error(error.message || error));
"""


@tagged("post_install", "-at_install")
class TestViews(SupplierCommon, HttpCase):
    def _open(self, login, actions):
        self.browser_js(
            "/odoo",
            OPEN_ALL_VIEWS % {"actions": actions},
            ready="Boolean(odoo.__WOWL_DEBUG__?.root?.env?.services?.action) === true",
            login=login,
            timeout=120,
        )

    @staticmethod
    def _views(kinds, form_id=None):
        return [
            {"type": kind, **({"resId": form_id} if kind == "form" else {})}
            for kind in kinds
        ]

    def test_every_view_opens_for_quality_with_data(self):
        scar = self._new_sent_scar(case_id=self.case.id)
        self._answer_as_supplier(scar)
        order = self._new_order()
        self._receive(order)
        cards = self.env["supplier.scorecard"]
        cards._compute_month(self.env.company, cards._get_month(self.env.company))
        card = cards.search([("partner_id", "=", self.supplier.id)], limit=1)
        self.assertTrue(card)
        kinds = ("list", "kanban", "form", "calendar", "pivot", "graph", "activity")
        self._open(
            "complaint_manager",
            [
                ["supplier_quality.supplier_scar_action", self._views(kinds, scar.id)],
                [
                    "supplier_quality.supplier_scorecard_action",
                    self._views(("list", "graph", "pivot", "form"), card.id),
                ],
                [
                    "supplier_quality.supplier_scorecard_line_action",
                    self._views(["list"]),
                ],
                [
                    "supplier_quality.supplier_scorecard_band_action",
                    self._views(["list"]),
                ],
                [
                    "complaint_management.complaint_case_action",
                    self._views(["form"], self.case.id),
                ],
            ],
        )

    def test_form_opens_for_handler_without_purchase_rights(self):
        order = self._new_order()
        scar = self._new_scar(
            case_id=self.case.id, purchase_line_ids=order.order_line.ids
        )
        self._open(
            "complaint_handler",
            [
                [
                    "supplier_quality.supplier_scar_action",
                    self._views(("list", "form"), scar.id),
                ],
            ],
        )
