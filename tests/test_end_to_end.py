"""The whole line: a raw mail becomes a case, an 8D, a supplier's answer, a checked
action, a nonconformity and a closed case, each step by the role that takes it, while
the customer sees every step on the portal and the supplier never sees the customer."""

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from odoo.addons.complaint_portal.tests.common import PDF, PNG, PortalCommon

MAIL = """\
Delivered-To: baku-complaints@{domain}
From: =?utf-8?q?G=C3=BCnel_=C4=B0smay=C4=B1lova?= <gunel@villa-service.example>
To: baku-complaints@{domain}
Subject: =?utf-8?b?w4dheWRhbiDJmXJpeWly?=
Message-ID: <kettle-7781@villa-service.example>
Date: {date}
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="parts"

--parts
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

Salam, sifariş SO-7781. Çaydanın qapağı 95 dərəcədə əridi. Lot L-77.
Zəng edin: 050 765 43 21.

--parts
Content-Type: image/png
Content-Disposition: attachment; filename="lid.png"
Content-Transfer-Encoding: base64

iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9
awAAAABJRU5ErkJggg==
--parts--
"""
SECRETS = ("Günel", "smayılova", "villa-service", "765 43 21", "SO-7781", "CMP/")


@tagged("post_install", "-at_install")
class TestEndToEnd(PortalCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        domain = cls.env["mail.alias.domain"].search([], limit=1)
        domain = domain or cls.env["mail.alias.domain"].create(
            {"name": "appliances.example"}
        )
        cls.env.company.alias_domain_id = domain
        cls.team.alias_domain_id = domain
        cls.domain = domain.name
        cls.team.member_ids |= cls.quality
        cls.customer_user = cls._portal_user("portal_gunel", cls.hidden_customer)
        cls.hidden_customer.email = "gunel@villa-service.example"
        order = cls._new_order(quantity=20)
        cls._receive(order)

    def test_line_from_raw_mail_to_closed_case(self):
        case = self._take_in()
        self._triage(case)
        self._answer_customer(case)
        report = self._start_eightd(case)
        self._ask_supplier(case)
        self._finish_eightd(case, report)
        nonconformity = self._transfer(case)
        self._close(case, report, nonconformity)

    # -- what the customer sees -----------------------------------------------------
    def _customer_page(self, case):
        response = self._get(f"/my/complaints/{case.id}", user=self.customer_user)
        self.assertEqual(response.status_code, 200)
        return response.text

    def _assert_customer_sees_step(self, case, phase):
        self.assertEqual(case.phase, phase)
        self.assertIn(self._stage(phase).customer_text, self._customer_page(case))

    def _assert_refused_step(self, case, *missing):
        """The handler can't go on, and is told all that is missing."""
        phase = case.phase
        with self.assertRaises(UserError) as refusal:
            case.with_user(self.handler).action_next_stage()
        for words in missing:
            self.assertIn(words, str(refusal.exception))
        self.assertEqual(case.phase, phase)

    # -- the steps ------------------------------------------------------------------
    def _take_in(self):
        """A raw mail opens an acknowledged case with running promises."""
        known = self.env["complaint.case"].search([])
        date = self.env.cr.now().strftime("%a, %d %b %Y %H:%M:%S +0000")
        mail = MAIL.format(domain=self.domain, date=date).encode()
        self.env["mail.thread"].message_process(False, mail)
        case = self.env["complaint.case"].search([]) - known
        self.assertEqual(len(case), 1)
        self.assertEqual(case.subject, "Çaydan əriyir")
        self.assertEqual(case.partner_id, self.hidden_customer)
        self.assertEqual(case.team_id, self.team)
        self.assertIn("95 dərəcədə əridi", case.description)
        self.assertEqual(case.acknowledge_state, "queued")
        self.env.ref("complaint_management.ir_cron_acknowledge").method_direct_trigger()
        self.assertEqual(case.acknowledge_state, "sent")
        sent = self.env["mail.mail"].sudo().search([("res_id", "=", case.id)])
        sent = sent.filtered(lambda m: m.model == case._name)
        self.assertIn(case.name, sent.mail_message_id[:1].subject)
        self.assertEqual(sent.recipient_ids, self.hidden_customer)
        self.assertEqual(case.sla_status, "running")
        self._assert_customer_sees_step(case, "received")
        # The same mail once more changes nothing.
        self.env["mail.thread"].message_process(False, mail)
        self.assertEqual(self.env["complaint.case"].search([]) - known, case)
        return case

    def _triage(self, case):
        """The handler classifies; the promise follows the priority."""
        as_handler = case.with_user(self.handler)
        deadline = case.sla_deadline
        as_handler.action_assign_to_me()
        with Form(as_handler) as form:
            form.category_id = self.env.ref(
                "complaint_management.complaint_category_supplier_material"
            )
            form.error_type_id = self.env.ref(
                "complaint_management.complaint_error_type_overheating"
            )
            form.priority = "3"
            form.product_id = self.kettle
            form.lot = "L-77"
            form.order_ref = "SO-7781"
            form.quantity = 3
        self.assertEqual(case.origin, "supplier")
        self.assertLess(case.sla_deadline, deadline)
        as_handler.action_next_stage()
        self._assert_customer_sees_step(case, "triage")
        as_handler.action_next_stage()
        self._assert_customer_sees_step(case, "investigation")

    def _answer_customer(self, case):
        """A message by a person stops the clock and shows on the portal; the customer
        answers there, with a file."""
        respond = case.sla_clock_ids.filtered(lambda c: c.kind == "respond")
        case.with_user(self.handler).message_post(body="An internal remark")
        self.assertEqual(respond.state, "running")
        case.with_user(self.handler).message_post(
            body="We are sending you a new kettle today.",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        self.assertEqual(respond.state, "met")
        page = self._customer_page(case)
        self.assertIn("We are sending you a new kettle today.", page)
        self.assertNotIn("An internal remark", page)
        response = self._post(
            f"/my/complaints/{case.id}/message",
            {"message": "Thank you, here is the receipt."},
            [("receipt.pdf", PDF)],
        )
        self.assertEqual(response.status_code, 303, response.text)
        last = case.message_ids.sorted("id")[-1]
        self.assertEqual(last.author_id, self.hidden_customer)
        self.assertEqual(last.attachment_ids.name, "receipt.pdf")

    def _start_eightd(self, case):
        """The investigator opens the report and works up to containment."""
        action = case.with_user(self.investigator).action_open_eightd()
        form = Form(
            self.env["complaint.eightd"]
            .with_user(self.investigator)
            .with_context(**action["context"])
        )
        form.leader_id = self.investigator
        form.champion_id = self.quality
        report = form.save()
        report.step_ids[3].owner_id = self.quality
        self._work_on(report, ("d0", "d1", "d2", "d3"))
        return report

    def _work_on(self, report, codes):
        for step in report.step_ids.filtered(lambda s: s.discipline in codes):
            step.content = f"<p>What we did for {step.discipline}</p>"
            if step.discipline in ("d3", "d7"):
                step.not_needed_reason = "All kettles of the lot are back."
            if step.discipline == "d6":
                step.validation = "200 lids tested, none melted"
            step.action_submit()
            step.with_user(self.manager).action_accept()

    def _ask_supplier(self, case):
        """A request without the customer goes out; the supplier answers on the portal;
        a first answer is sent back, the second one accepted."""
        wizard = Form(
            self.env["supplier.scar.create"]
            .with_user(self.quality)
            .with_context(default_case_id=case.id)
        )
        self.assertEqual(wizard.partner_id, self.supplier)
        for secret in SECRETS:
            self.assertNotIn(secret, wizard.problem)
        wizard.is_text_confirmed = True
        scar_id = wizard.save().action_create()["res_id"]
        scar = self.env["supplier.scar"].with_user(self.quality).browse(scar_id)
        scar.action_send()
        self.assertEqual(scar.purchase_line_ids.product_id, self.kettle)
        path = f"/my/scars/{scar.id}"
        page = self._get(path, user=self.supplier_user)
        self.assertEqual(page.status_code, 200)
        self.assertIn("95", page.text)
        for secret in (*SECRETS, case.name, case.subject):
            self.assertNotIn(secret, page.text)
        self.assertEqual(self._post(f"{path}/acknowledge").status_code, 303)
        self.assertEqual(scar.state, "acknowledged")
        answer = {
            "containment": "Stock sorted",
            "root_cause": "Wrong resin",
            "corrective_action": "Resin is checked at intake",
            "preventive_action": "Same check in plant 2",
            "action": "submit",
        }
        response = self._post(f"{path}/answer", answer, [("proof.png", PNG)])
        self.assertEqual(response.status_code, 303, response.text)
        reject = Form(
            self.env["supplier.scar.reject"]
            .with_user(self.quality)
            .with_context(default_scar_id=scar.id)
        )
        reject.comment = "Which lots are touched?"
        reject.save().action_reject()
        page = self._get(path, user=self.supplier_user).text
        self.assertIn("Which lots are touched?", page)
        answer["root_cause"] = "Wrong resin in lots L-70 to L-77"
        self.assertEqual(self._post(f"{path}/answer", answer).status_code, 303)
        scar.action_accept()
        self.assertEqual((scar.state, scar.round), ("accepted", 1))

    def _finish_eightd(self, case, report):
        """The cause is found, the action done and found effective by somebody else."""
        case.with_user(self.investigator).root_cause = "Wrong resin at the supplier"
        case.with_user(self.handler).action_next_stage()
        self._assert_customer_sees_step(case, "action")
        cause = report.root_cause_ids.create(
            {
                "res_model": report._name,
                "res_id": report.id,
                "name": "Wrong resin at the supplier",
                "contribution": 100,
            }
        )
        self._work_on(report, ("d4",))
        step = report.step_ids.filtered(lambda s: s.discipline == "d5")
        action = (
            self.env["mgmtsystem.action"]
            .with_user(self.investigator)
            .create(
                {
                    "name": "Check the resin of each delivery",
                    "type_action": "correction",
                    "complaint_step_id": step.id,
                    "complaint_root_id": cause.id,
                    "user_id": self.investigator.id,
                    "date_deadline": "2027-01-10",
                    "effectiveness_criterion": "No melted lid for 3 months",
                    "effectiveness_check_date": "2027-01-15",
                    "effectiveness_checker_id": self.manager.id,
                }
            )
        )
        self.assertEqual(action.complaint_case_id, case)
        self._work_on(report, ("d5", "d6", "d7"))

    def _transfer(self, case):
        """The case moves on to the nonconformity module with its action and files."""
        case.with_user(self.investigator).action_transfer_nonconformity()
        case.with_user(self.investigator).action_transfer_nonconformity()
        nonconformity = case.nonconformity_ids
        self.assertEqual(len(nonconformity), 1)
        self.assertEqual(nonconformity.action_ids, case.action_ids)
        files = self.env["ir.attachment"].search(
            [
                ("res_model", "=", nonconformity._name),
                ("res_id", "=", nonconformity.id),
            ]
        )
        self.assertIn("lid.png", files.mapped("name"))
        return nonconformity

    def _close(self, case, report, nonconformity):
        """Gates hold until everything is there; then the case closes."""
        as_handler = case.with_user(self.handler)
        as_handler.write({"validity": "justified", "validity_reason": "It leaks"})
        as_handler.action_next_stage()
        self._assert_customer_sees_step(case, "response")
        self._assert_refused_step(case, "8D report", "decision")
        action = case.action_ids
        action.with_user(self.investigator).stage_id = self.env.ref(
            "mgmtsystem_action.stage_close"
        )
        self.assertFalse(action.is_finished)
        action.with_user(self.manager).write(
            {
                "effectiveness_result": "effective",
                "effectiveness_note": "200 lids tested, none melted",
            }
        )
        self._work_on(report, ("d8",))
        report.with_user(self.investigator).action_done()
        as_handler.decision = "You get a new kettle and your money back."
        self._assert_refused_step(case, "told the decision")
        self._tell_decision(as_handler)
        letter = case.message_ids.sorted("id")[-1]
        self.assertIn("You get a new kettle and your money back.", letter.body)
        as_handler.action_next_stage()
        self._assert_customer_sees_step(case, "monitoring")
        self._assert_refused_step(case, "nonconformities", "lesson")
        as_handler.lesson = "Ask the supplier for the melting point of each lid."
        nonconformity.with_user(self.manager).write(
            {
                "action_comments": "See actions",
                "evaluation_comments": "Effective",
                "stage_id": self.env.ref("mgmtsystem_nonconformity.stage_done").id,
            }
        )
        as_handler.action_next_stage()
        self._assert_customer_sees_step(case, "closed")
        page = self._customer_page(case)
        self.assertIn("You get a new kettle and your money back.", page)
        self.assertFalse(case.is_open)
        self.assertTrue(case.closed_at)
        self.assertNotIn("late", case.sla_status)
        events = case.journal_entry_ids.mapped("event")
        self.assertIn("nonconformity_created", events)
        self.assertGreaterEqual(events.count("changed"), 7)
