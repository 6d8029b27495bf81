from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import ComplaintCommon


@tagged("post_install", "-at_install")
class TestNonconformity(ComplaintCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.case = cls._new_case(root_cause="Loose cable")
        cls.action = cls.env["mgmtsystem.action"].create(
            {
                "name": "Change the cable",
                "type_action": "correction",
                "complaint_case_id": cls.case.id,
                "user_id": cls.investigator.id,
            }
        )
        cls.file = cls.env["ir.attachment"].create(
            {
                "name": "photo.txt",
                "raw": b"burnt cable",
                "res_model": "complaint.case",
                "res_id": cls.case.id,
            }
        )

    def _transfer(self):
        self.case.with_user(self.investigator).action_transfer_nonconformity()
        return self.case.nonconformity_ids

    def test_transfer_carries_text_actions_and_files(self):
        nonconformity = self._transfer()
        self.assertEqual(nonconformity.partner_id, self.customer)
        self.assertEqual(nonconformity.description, self.case.description)
        self.assertEqual(nonconformity.reference, self.case.name)
        self.assertEqual(nonconformity.analysis, "Loose cable")
        self.assertEqual(nonconformity.action_ids, self.action)
        self.assertEqual(nonconformity.responsible_user_id, self.handler)
        copy = self.env["ir.attachment"].search(
            [
                ("res_model", "=", "mgmtsystem.nonconformity"),
                ("res_id", "=", nonconformity.id),
            ]
        )
        self.assertEqual(copy.raw, b"burnt cable")
        self.assertEqual(copy.store_fname, self.file.store_fname)
        self.assertEqual(nonconformity.complaint_case_ids, self.case)

    def test_transfer_twice_makes_one(self):
        first = self._transfer()
        self.assertEqual(self._transfer(), first)
        count = self.env["mgmtsystem.nonconformity"].search_count(
            [("reference", "=", self.case.name)]
        )
        self.assertEqual(count, 1)

    def test_transfer_by_handler_refused(self):
        with self.assertRaises(AccessError):
            self.case.with_user(self.handler).action_transfer_nonconformity()

    def test_transfer_without_customer_uses_own_company(self):
        case = self._new_case(partner_id=False, email_from="unknown@nowhere.example")
        case.with_user(self.investigator).action_transfer_nonconformity()
        self.assertEqual(case.nonconformity_ids.partner_id, self.env.company.partner_id)

    def test_later_action_joins_open_nonconformity(self):
        nonconformity = self._transfer()
        action = self.action.copy({"complaint_case_id": self.case.id})
        self.assertIn(action, nonconformity.action_ids)

    def test_open_nonconformity_blocks_closing_until_done(self):
        nonconformity = self._transfer()
        self.assertFalse(self.case._gate_check_nonconformities_closed())
        with self.assertRaises(UserError):
            self.case.stage_id = self._stage("closed")
        self.action.stage_id = self.env.ref("mgmtsystem_action.stage_close")
        nonconformity.write(
            {"evaluation_comments": "Worked", "action_comments": "Plan"}
        )
        nonconformity.stage_id = self.env.ref("mgmtsystem_nonconformity.stage_done")
        self.assertTrue(self.case._gate_check_nonconformities_closed())

    def test_state_change_is_told_on_the_case(self):
        nonconformity = self._transfer()
        nonconformity.stage_id = self.env.ref("mgmtsystem_nonconformity.stage_analysis")
        self.assertIn(nonconformity.ref, self.case.message_ids[0].body)

    def test_journal_names_the_nonconformity(self):
        nonconformity = self._transfer()
        entry = self.case.journal_entry_ids.filtered(
            lambda e: e.event == "nonconformity_created"
        )
        self.assertEqual(entry.note, nonconformity.ref)

    def test_form_opens_for_every_role_that_reads_it(self):
        """Their form asks for documents, which nobody of ours need read."""
        nonconformity = self._transfer()
        for user in (self.handler, self.investigator, self.manager, self.auditor):
            with Form(nonconformity.with_user(user)) as form:
                self.assertEqual(form.ref, nonconformity.ref)
