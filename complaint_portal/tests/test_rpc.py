from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import PortalCommon

READS = ("search_read", "search_count", "fields_get", "web_search_read")


@tagged("post_install", "-at_install")
class TestRpc(PortalCommon):
    """A login on the portal opens pages, never the models behind them."""

    def _our_models(self):
        return sorted(
            name
            for name, model in self.env.items()
            if name.startswith(("complaint.", "supplier."))
            and not (model._abstract or model._transient)
        )

    def _call(self, model, method, args, kwargs=None):
        return self.url_open(
            f"/web/dataset/call_kw/{model}/{method}",
            json={
                "jsonrpc": "2.0",
                "id": 0,
                "method": "call",
                "params": {
                    "model": model,
                    "method": method,
                    "args": args,
                    "kwargs": kwargs or {},
                },
            },
        ).json()

    @mute_logger("odoo.http")
    def test_call_kw_on_our_models_refused(self):
        ids = {"complaint.case": self.own_case.ids, "supplier.scar": self.scar.ids}
        calls = (
            ("search_read", [[]], {"fields": ["id"]}),
            ("search_count", [[]], {}),
            ("read", [[1]], {"fields": ["id"]}),
            ("create", [[{}]], {}),
            ("write", [[1], {"active": False}], {}),
            ("unlink", [[1]], {}),
        )
        access = "odoo.exceptions.AccessError"
        refusals = {method: {access} for method, __, __ in calls}
        # Some models refuse any writing, whoever asks, before they look at rights.
        refusals["write"].add("odoo.exceptions.UserError")
        for user in (self.user_a, self.supplier_user):
            self._login(user)
            for model in self._our_models():
                for method, args, kwargs in calls:
                    if args[0] == [1]:
                        args = [ids.get(model, [1]), *args[1:]]
                    answer = self._call(model, method, args, kwargs)
                    name = answer.get("error", {}).get("data", {}).get("name")
                    self.assertIn(name, refusals[method], (model, method))

    @mute_logger("odoo.http")
    def test_intake_as_portal_user_refused(self):
        self._login(self.user_a)
        payload = {"channel": "web_form", "subject": "x", "partner": {"name": "x"}}
        answer = self._call("complaint.case", "intake", [[payload]])
        self.assertEqual(answer["error"]["data"]["name"], "odoo.exceptions.AccessError")

    @mute_logger("odoo.http")
    def test_private_methods_refused(self):
        self._login(self.supplier_user)
        for method, args in (
            ("_supplier_submit", [self.scar.ids, 1]),
            ("_prepare_supplier_page_values", [self.scar.ids]),
        ):
            answer = self._call("supplier.scar", method, args)
            self.assertIn("error", answer, method)
        answer = self._call("complaint.case", "_get_tracking_url", [self.case.ids])
        self.assertIn("error", answer)

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_http")
    def test_json2_with_portal_api_key_refused(self):
        for user in (self.user_a, self.supplier_user):
            key = (
                self.env["res.users.apikeys"]
                .with_user(user)
                .sudo()
                ._generate("rpc", "test", None)
            )
            for model in self._our_models():
                response = self.url_open(
                    f"/json/2/{model}/search_read",
                    json={"domain": [], "fields": ["id"]},
                    headers={"Authorization": f"Bearer {key}"},
                )
                self.assertEqual(response.status_code, 403, model)

    @mute_logger("odoo.http")
    def test_files_and_messages_of_a_case_over_rpc_refused(self):
        message = self._answer(self.other_case, self.handler)
        file = self.env["ir.attachment"].create(
            {
                "name": "a.txt",
                "raw": b"x",
                "res_model": "complaint.case",
                "res_id": self.own_case.id,
                "is_customer_visible": True,
            }
        )
        self._login(self.user_a)
        for model, record in (("ir.attachment", file), ("mail.message", message)):
            answer = self._call(model, "read", [record.ids], {"fields": ["id"]})
            self.assertIn("error", answer, model)
        response = self.url_open(f"/web/content/{file.id}")
        self.assertEqual(response.status_code, 404)

    @mute_logger("odoo.http")
    def test_portal_user_cannot_give_themselves_company_access(self):
        self._login(self.colleague)
        self._call(
            "res.partner",
            "write",
            [
                self.colleague.partner_id.ids,
                {"complaint_portal_company_access": True},
            ],
        )
        self.assertFalse(self.colleague.partner_id.complaint_portal_company_access)
