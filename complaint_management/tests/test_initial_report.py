from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import ComplaintCommon


@tagged("post_install", "-at_install")
class TestInitialReport(ComplaintCommon):
    def _report(self, case=None, user=None, **values):
        return (
            self.env["complaint.initial.report"]
            .with_user(user or self.handler)
            .create(
                {
                    "case_id": (case or self._new_case()).id,
                    "found": "The cable is loose.",
                    "done": "A new cable was sent.",
                    **values,
                }
            )
        )

    def _photo(self, user=None):
        return (
            self.env["ir.attachment"]
            .with_user(user or self.handler)
            .create({"name": "cable.jpg", "raw": b"photo"})
        )

    # -- sending -------------------------------------------------------------------
    def test_sent_by_mail_is_an_answer_of_a_person(self):
        case = self._new_case()
        report = self._report(case, attachment_ids=[(6, 0, self._photo().ids)])
        self.assertFalse(case._gate_check_initial_report_sent())
        report.action_send()
        self.assertTrue(case._gate_check_initial_report_sent())
        self.assertEqual(
            (report.state, report.sent_by, report.sent_by_id),
            ("sent", "mail", self.handler),
        )
        message = case.message_ids[0]
        self.assertEqual(message.author_id, self.handler.partner_id)
        self.assertIn(self.customer, message.partner_ids)
        self.assertIn(case.name, message.subject)
        names = message.attachment_ids.mapped("name")
        self.assertIn("cable.jpg", names)
        self.assertTrue(any(name.startswith("CMP-") for name in names), names)
        self.assertTrue(case.responded_at)
        clock = case.sla_clock_ids.filtered(lambda c: c.kind == "respond")
        self.assertEqual(clock.state, "met")
        events = case.journal_entry_ids.mapped("event")
        self.assertIn("initial_report_sent", events)

    def test_customer_without_mail_address_gets_it_on_paper(self):
        case = self._new_case(partner_id=False, partner_name="Aysel")
        report = self._report(case)
        with self.assertRaises(UserError):
            report.action_send()
        self.assertEqual(report.state, "draft")
        action = report.action_open_hand_over()
        wizard = (
            self.env[action["res_model"]]
            .with_user(self.handler)
            .with_context(**action["context"])
            .create({"sent_by": "hand"})
        )
        wizard.action_confirm()
        self.assertEqual((report.state, report.sent_by), ("sent", "hand"))
        self.assertEqual(case.responded_at, report.sent_at)
        self.assertTrue(case._gate_check_initial_report_sent())

    def test_paper_is_sent_between_receipt_and_now(self):
        case = self._new_case()
        report = self._report(case)
        for moment in ("2020-01-01 10:00:00", "2100-01-01 10:00:00"):
            with self.assertRaises(ValidationError):
                report._mark_sent("post", self._at(moment))
        with self.assertRaises(ValidationError):
            self._report(case, done_at="2100-01-01 10:00:00")

    def test_sent_report_stays_as_it_is(self):
        report = self._report()
        report.action_send()
        for vals in ({"found": "x"}, {"attachment_ids": [(5,)]}, {"case_id": 1}):
            with self.assertRaises(UserError):
                report.write(vals)
        for attempt in (
            report.action_send,
            report.unlink,
            report.action_open_hand_over,
        ):
            with self.assertRaises(UserError):
                attempt()
        second = self._report(report.case_id)
        second.unlink()
        self.assertTrue(report.case_id.is_initial_report_sent)

    def test_state_is_written_by_nobody(self):
        report = self._report()
        for vals in (
            {"state": "sent"},
            {"sent_at": "2026-01-01"},
            {"sent_by_id": self.manager.id},
            {"sent_by": "mail"},
        ):
            with self.assertRaises(AccessError):
                report.write(vals)
        with self.assertRaises(AccessError):
            self._report(state="sent")

    # -- who ---------------------------------------------------------------------------
    def test_outsider_and_auditor_write_none(self):
        case = self._new_case()
        for user in (self.other_handler, self.auditor):
            with self.assertRaises(AccessError):
                self._report(case, user)
        report = self._report(case)
        self.assertTrue(report.with_user(self.auditor).has_access("read"))
        self.assertFalse(report.with_user(self.other_handler).has_access("read"))
        with self.assertRaises(AccessError):
            report.with_user(self.other_handler).action_send()

    def test_files_of_a_report_are_read_by_who_reads_the_report(self):
        photo = self._photo()
        report = self._report(attachment_ids=[(6, 0, photo.ids)])
        self.assertEqual((photo.res_model, photo.res_id), (report._name, report.id))
        self.assertTrue(photo.with_user(self.investigator).has_access("read"))
        self.assertFalse(photo.with_user(self.other_handler).has_access("read"))

    def test_file_of_another_record_isnt_taken_over(self):
        other = self._new_case(
            team_id=self.env["complaint.team"].create({"name": "x"}).id,
            user_id=self.other_handler.id,
        )
        foreign = self.env["ir.attachment"].create(
            {
                "name": "secret.txt",
                "raw": b"secret",
                "res_model": other._name,
                "res_id": other.id,
            }
        )
        with self.assertRaises(AccessError):
            report = self._report(attachment_ids=[(6, 0, foreign.ids)])
            report.action_send()
        self.assertEqual(foreign.res_id, other.id)

    # -- gates -------------------------------------------------------------------------
    def test_gate_of_the_8d_flow_asks_for_it(self):
        case = self._new_case(
            flow_id=self.env.ref("complaint_management.complaint_flow_eightd").id
        )
        as_handler = case.with_user(self.handler)
        with self.assertRaises(UserError) as refusal:
            as_handler.stage_id = self._stage("investigation")
        self.assertIn("An initial report to the customer", str(refusal.exception))
        report = self._report(case)
        with self.assertRaises(UserError):
            as_handler.stage_id = self._stage("investigation")
        report.action_send()
        as_handler.stage_id = self._stage("investigation")
        self.assertEqual(case.phase, "investigation")

    def test_standard_flow_asks_for_it_when_switched_on(self):
        case = self._new_case().with_user(self.handler)
        gate = "complaint_management.complaint_gate_initial_report_standard"
        self.env.ref(gate).active = True
        with self.assertRaises(UserError):
            case.stage_id = self._stage("investigation")

    # -- button ------------------------------------------------------------------------
    def test_button_opens_the_draft_or_a_new_one(self):
        case = self._new_case().with_user(self.handler)
        self.assertFalse(case.action_open_initial_report()["res_id"])
        report = self._report(case)
        self.assertEqual(case.action_open_initial_report()["res_id"], report.id)
        report.action_send()
        self.assertFalse(case.action_open_initial_report()["res_id"])
