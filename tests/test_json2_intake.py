"""Other programs send complaints over Odoo's JSON-2 API, as a portal user who owns an
API key and is in the group *Intake integration*. They can do that and nothing else."""

import base64
import json

from odoo.fields import Datetime
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.mail.tests.common import mail_new_test_user

GROUP = "complaint_management.complaint_group_integration"
LOGGERS = ("odoo.http", "odoo.addons.base.models.ir_rule", "odoo.sql_db")
# What every portal user may call on any model: no record, no field of ours in it.
HARMLESS = {
    "get_base_url",
    "fields_get",  # names of fields
    "get_import_templates",
    "mail_allowed_qweb_expressions",
    "mail_get_partner_fields",
    "get_external_id",  # ids of installed data
    "activity_search",  # finds activities that the user may read: none
    "message_subscribe",  # does nothing without somebody to subscribe; see below
    "message_unsubscribe",
    "message_notify",
}


class Json2Common(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = mail_new_test_user(
            cls.env, login="shop_system", groups=f"base.group_portal,{GROUP}"
        )
        cls.key = cls._make_key(cls.user)
        cls.case = cls.env["complaint.case"].create(
            {
                "subject": "Secret subject",
                "description": "Secret words",
                "partner_name": "Secret Name",
                "email_from": "secret@customer.example",
            }
        )

    @classmethod
    def _make_key(cls, user, hours=300 * 24):
        expires = Datetime.add(Datetime.now(), hours=hours)
        keys = cls.env["res.users.apikeys"].with_user(user)
        return keys._generate(None, "shop", expires)

    def _call(self, method, model="complaint.case", key=None, **body):
        return self.url_open(
            f"/json/2/{model}/{method}",
            data=json.dumps(body),
            headers={
                "Authorization": f"bearer {key or self.key}",
                "Content-Type": "application/json",
            },
        )

    def _intake(self, *payloads, **body):
        answer = self._call("intake", payloads=list(payloads), **body)
        self.assertEqual(answer.status_code, 200, answer.text)
        return answer.json()

    @staticmethod
    def _payload(**values):
        return {
            "channel": "api",
            "subject": "Kettle leaks",
            "description": "Water on the table",
            "partner": {"name": "Leyla", "email": "leyla@customer.example"},
            **values,
        }

    def _case(self, item):
        return self.env["complaint.case"].browse(item["id"])


@tagged("post_install", "-at_install")
class TestJson2Intake(Json2Common):
    def test_complaint_with_everything_is_taken_in(self):
        product = self.env["product.product"].create(
            {"name": "Kettle", "default_code": "KET-9", "barcode": "4006381333931"}
        )
        content = b"\x00photo\xff"
        (item,) = self._intake(
            self._payload(
                channel="mobile_app",
                idempotency_key="k-1",
                external_ref="SHOP-77",
                received_at="2026-01-05T10:00:00+04:00",
                product="KET-9",
                lot="L1",
                quantity=2,
                order_ref="SO7",
                remedy="refund",
                on_behalf_of="Her mother",
                error_type="leak",
                attachments=[
                    {
                        "name": "photo.bin",
                        "mimetype": "application/octet-stream",
                        "data": base64.b64encode(content).decode(),
                    }
                ],
            )
        )
        self.assertEqual(item["status"], "created")
        self.assertEqual(item["errors"], {})
        case = self._case(item)
        self.assertEqual(item["name"], case.name)
        self.assertIn("/complaint/track/", item["tracking_url"])
        self.assertEqual(case.channel_id.code, "mobile_app")
        self.assertEqual(str(case.received_at), "2026-01-05 06:00:00")
        self.assertEqual(case.product_id, product)
        self.assertEqual((case.lot, case.quantity, case.order_ref), ("L1", 2, "SO7"))
        self.assertEqual(case.error_type_id.code, "leak")
        self.assertEqual((case.remedy, case.on_behalf_of), ("refund", "Her mother"))
        self.assertEqual(case.email_normalized, "leyla@customer.example")
        attachment = self.env["ir.attachment"].search(
            [("res_model", "=", "complaint.case"), ("res_id", "=", case.id)]
        )
        self.assertEqual(attachment.raw, content)
        (barcode,) = self._intake(self._payload(product="4006381333931"))
        self.assertEqual(self._case(barcode).product_id, product)

    def test_same_key_or_reference_finds_same_case(self):
        (first,) = self._intake(
            self._payload(idempotency_key="a", external_ref="R1"),
        )
        by_key, by_reference, other_channel = self._intake(
            self._payload(idempotency_key="a"),
            self._payload(external_ref="R1"),
            self._payload(external_ref="R1", channel="sms"),
        )
        for item in (by_key, by_reference):
            self.assertEqual((item["status"], item["id"]), ("existing", first["id"]))
        self.assertEqual(other_channel["status"], "created")

    def test_errors_name_each_field_and_store_nothing(self):
        before = self.env["complaint.case"].search_count([])
        (item,) = self._intake(
            {
                "channel": "pigeon",
                "description": 7,
                "received_at": "yesterday",
                "quantity": -1,
                "product": "NOPE",
                "colour": "red",
                "partner": {"name": "x", "iban": "y"},
                "attachments": [{"name": "x", "data": "%%%"}],
            }
        )
        self.assertEqual(item["status"], "error")
        self.assertIsNone(item["id"])
        self.assertEqual(
            set(item["errors"]),
            {"description", "received_at", "quantity", "colour", "partner"}
            | {"attachments"},
        )
        (item,) = self._intake(
            self._payload(
                channel="pigeon", product="NOPE", error_type="?", remedy="gold"
            )
        )
        self.assertEqual(
            set(item["errors"]), {"channel", "product", "error_type", "remedy"}
        )
        (item,) = self._intake(self._payload(received_at="2999-01-01T00:00:00Z"))
        self.assertEqual(set(item["errors"]), {"received_at"})
        (item,) = self._intake({})
        self.assertEqual(set(item["errors"]), {"channel", "subject", "partner"})
        self.assertTrue(all(item["errors"].values()))
        self.assertEqual(self.env["complaint.case"].search_count([]), before)

    def test_batch_answers_each_item_by_itself_in_order(self):
        items = self._intake(
            self._payload(idempotency_key="b1"),
            {"channel": "api"},
            "not even an object",
            self._payload(idempotency_key="b1"),
            self._payload(idempotency_key="b2"),
        )
        statuses = [item["status"] for item in items]
        self.assertEqual(statuses, ["created", "error", "error", "existing", "created"])
        self.assertEqual(items[0]["id"], items[3]["id"])
        self.assertNotEqual(items[0]["id"], items[4]["id"])

    @mute_logger(*LOGGERS)
    def test_no_list_is_refused_in_clear_words(self):
        answer = self._call("intake", payloads={"channel": "api"})
        self.assertEqual(answer.status_code, 422)
        self.assertIn("list of complaints", answer.json()["message"])

    def test_language_of_caller_is_that_of_errors(self):
        self.env["res.lang"]._activate_lang("tr_TR")
        (item,) = self._intake({}, context={"lang": "tr_TR"})
        (english,) = self._intake({})
        self.assertEqual(set(item["errors"]), set(english["errors"]))

    # -- nothing else ---------------------------------------------------------------
    def test_context_of_caller_changes_nothing(self):
        company = self.env["res.company"].create({"name": "Not theirs"})
        stage = self.env.ref("complaint_management.stage_closed")
        (item,) = self._intake(
            self._payload(),
            context={
                "allowed_company_ids": [company.id],
                "default_stage_id": stage.id,
                "default_user_id": self.env.ref("base.user_admin").id,
                "default_validity": "justified",
                "default_company_id": company.id,
                "default_acknowledge_state": "sent",
                "default_decision": "You get a million",
                "mail_notrack": True,
                "tracking_disable": True,
                "install_mode": True,
            },
        )
        case = self._case(item)
        self.assertEqual(case.company_id, self.user.company_id)
        self.assertEqual(case.phase, "received")
        self.assertFalse(case.user_id or case.decision)
        self.assertEqual(case.validity, "pending")
        self.assertEqual(case.acknowledge_state, "queued")

    @mute_logger(*LOGGERS)
    def test_wrong_key_is_refused(self):
        answer = self._call("intake", key="0" * 40, payloads=[self._payload()])
        self.assertEqual(answer.status_code, 401)

    @mute_logger(*LOGGERS)
    def test_portal_user_without_group_is_refused(self):
        user = mail_new_test_user(
            self.env, login="plain_portal", groups="base.group_portal"
        )
        key = self._make_key(user, hours=1)
        answer = self._call("intake", key=key, payloads=[self._payload()])
        self.assertEqual(answer.status_code, 403)

    @mute_logger(*LOGGERS)
    def test_every_other_method_of_cases_is_refused(self):
        """All public methods of the model, found by themselves, with an id where they
        take one: none may work on a case or tell anything of it."""
        model = self.env["complaint.case"]
        # What is left of a promise differs from second to second.
        names = sorted(set(model._fields) - {"sla_countdown"})
        before = self.case.read(names)
        count = model.search_count([])
        opened = []
        for name in self._public_methods(model):
            answer = self._call(name, **self._arguments(model, name))
            if answer.status_code == 200 and not self._is_window(answer.json()):
                opened.append((name, answer.text[:80]))
            told = answer.text.lower().replace("top-secret", "")
            self.assertNotIn("secret", told, name)
        told = {name for name, text in opened if text not in ("null", "false")}
        self.assertEqual(told - HARMLESS, set())
        self.env.invalidate_all()
        self.assertEqual(self.case.read(names), before)
        self.assertEqual(model.search_count([]), count)

    @staticmethod
    def _is_window(answer):
        """Tell whether a method only says which form the client opens; the form then
        reads with the rights of its user."""
        kind = answer.get("type") if isinstance(answer, dict) else None
        return kind == "ir.actions.act_window"

    @staticmethod
    def _public_methods(model):
        names = {name for name in dir(type(model)) if not name.startswith("_")}
        return sorted(
            name
            for name in names - {"intake", "env", "pool"}
            if callable(getattr(type(model), name, None))
        )

    @mute_logger(*LOGGERS)
    def test_following_and_notifying_is_refused(self):
        partner = self.user.partner_id
        for name, body in (
            ("message_subscribe", {"partner_ids": partner.ids}),
            ("message_notify", {"partner_ids": partner.ids, "body": "hello"}),
            ("message_unsubscribe", {"partner_ids": [self.case.user_id.id or 1]}),
            ("activity_search", {"act_type_xmlids": ["mail.mail_activity_data_todo"]}),
        ):
            followers = self.case.message_partner_ids
            messages = self.case.message_ids
            answer = self._call(name, ids=self.case.ids, **body)
            self.env.invalidate_all()
            self.assertNotIn("secret", answer.text.lower().replace("top-secret", ""))
            self.assertEqual(self.case.message_partner_ids, followers, name)
            self.assertEqual(self.case.message_ids, messages, name)
        self.assertNotIn("Secret", " ".join(self._mails_to(partner)))

    def _mails_to(self, partner):
        messages = self.env["mail.message"].search([("partner_ids", "in", partner.ids)])
        return [f"{m.subject} {m.body} {m.record_name}" for m in messages]

    def _arguments(self, model, name):
        body = {
            "read": {"fields": ["subject"]},
            "write": {"vals": {"subject": "x"}},
            "create": {"vals_list": [{"subject": "x"}]},
            "search": {"domain": []},
            "search_read": {"domain": []},
            "search_count": {"domain": []},
            "web_search_read": {"domain": [], "specification": {"subject": {}}},
            "web_read": {"specification": {"subject": {}}},
            "name_search": {"name": ""},
            "message_post": {"body": "x"},
            "message_new": {"msg_dict": {"subject": "x", "email_from": "a@b.example"}},
            "message_process": {
                "model": "complaint.case",
                "message": "From: a@b.example\nSubject: x\n\nx",
            },
        }.get(name, {})
        if not getattr(getattr(type(model), name), "_api_model", False):
            body["ids"] = self.case.ids
        return body

    @mute_logger(*LOGGERS)
    def test_every_other_model_of_ours_is_refused(self):
        for name, model in self.env.items():
            ours = model._original_module in (
                "complaint_management",
                "supplier_quality",
                "complaint_portal",
            )
            if not ours or name == "complaint.case":
                continue
            for method, body in (
                ("search_read", {"domain": []}),
                ("create", {"vals_list": [{}]}),
                ("write", {"ids": [1], "vals": {"create_uid": 1}}),
                ("unlink", {"ids": [1]}),
            ):
                answer = self._call(method, model=name, **body)
                self.assertGreaterEqual(answer.status_code, 400, (name, method))

    @mute_logger(*LOGGERS)
    def test_other_ways_to_a_case_are_refused(self):
        attachment = self.env["ir.attachment"].create(
            {
                "name": "secret.txt",
                "raw": b"secret",
                "res_model": "complaint.case",
                "res_id": self.case.id,
            }
        )
        message = self.case.message_post(body="secret")
        for model, ids, fields in (
            ("ir.attachment", attachment.ids, ["name", "datas"]),
            ("mail.message", message.ids, ["body"]),
            ("mgmtsystem.action", [], ["name"]),
            ("mgmtsystem.nonconformity", [], ["name"]),
        ):
            answer = self._call("read", model=model, ids=ids, fields=fields)
            self.assertNotIn("secret", answer.text.replace("top-secret", ""), model)
            if not ids:
                answer = self._call("search_read", model=model, domain=[])
                self.assertGreaterEqual(answer.status_code, 400, model)
