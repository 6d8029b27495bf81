from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .nonconformity_common import NonconformityCommon


@tagged("post_install", "-at_install")
class TestNonconformityClosing(NonconformityCommon):
    """Closing in spite of a nonconformity, cutting links, telling each other."""

    # -- closing -------------------------------------------------------------------
    def test_waiver_of_manager_lets_the_case_close(self):
        self.assertFalse(self.case._gate_check_nonconformities_closed())
        self._put_aside("waive")
        self.assertTrue(self.case._gate_check_nonconformities_closed())
        self.assertFalse(self.case.has_open_nonconformity)
        waiver = self.case.nonconformity_waiver_ids
        self.assertEqual(waiver.user_id, self.manager)
        entry = self.case.journal_entry_ids.filtered(
            lambda e: e.event == "nonconformity_waived"
        )
        self.assertIn("another oven", entry.note)

    def test_waiver_counts_for_this_case_and_this_nonconformity_only(self):
        self._link(self.second)
        self._put_aside("waive")
        self.assertFalse(self.second._gate_check_nonconformities_closed())
        self._link(self.case, way="new", description="Another problem")
        self.assertFalse(self.case._gate_check_nonconformities_closed())

    def test_waiver_ends_with_reopening(self):
        self._put_aside("waive")
        self.case.reopen_count += 1
        self.assertFalse(self.case._gate_check_nonconformities_closed())
        self._put_aside("waive", reason="Still another oven")
        self.assertTrue(self.case._gate_check_nonconformities_closed())

    def test_waiver_needs_manager_and_reason_on_every_route(self):
        for user in (self.handler, self.investigator, self.legal, self.auditor):
            with self.assertRaises(AccessError):
                self._put_aside("waive", user=user)
            for way in ("_waive_nonconformity", "_cut_nonconformity"):
                with self.assertRaises(AccessError):
                    getattr(self.case.with_user(user).sudo(), way)(
                        self.nonconformity, "Because"
                    )
        for reason in ("", "  ", False):
            for way in ("_waive_nonconformity", "_cut_nonconformity"):
                with self.assertRaisesRegex(UserError, "Say why"):
                    getattr(self.case.with_user(self.manager), way)(
                        self.nonconformity, reason
                    )
        values = {
            "case_id": self.case.id,
            "nonconformity_id": self.nonconformity.id,
            "reason": "x",
            "user_id": self.manager.id,
            "granted_at": "2026-01-01",
        }
        waivers = self.env["complaint.nonconformity.waiver"].with_user(self.manager)
        with self.assertRaises(AccessError):
            waivers.create(values)
        self.assertFalse(waivers.load(["reason"], [["x"]])["ids"])
        self.assertFalse(self.case.nonconformity_waiver_ids)

    def test_waiver_never_changes_nor_goes(self):
        self._put_aside("waive")
        waiver = self.case.nonconformity_waiver_ids
        for user in (self.manager, self.env.user):
            with self.assertRaises(AccessError):
                waiver.with_user(user).reason = "Other"
        with self.assertRaises(AccessError):
            waiver.sudo().write({"user_id": self.handler.id})
        with self.assertRaises(AccessError):
            waiver.sudo().unlink()

    def test_refused_closing_says_what_the_nonconformity_misses(self):
        gate = self.env.ref("complaint_management.complaint_gate_nonconformities")
        (self.env["complaint.gate"].search([]) - gate).active = False
        action = self._new_action(self.case)
        with self.assertRaises(UserError) as refused:
            self.case.with_user(self.handler).stage_id = self._stage("closed")
        text = str(refused.exception)
        self.assertIn(self.nonconformity.ref, text)
        self.assertIn("conclusions", text)
        self.assertIn(action.name, text)
        self._put_aside("waive")
        self.case.with_user(self.handler).stage_id = self._stage("closed")
        self.assertEqual(self.case.phase, "closed")

    def test_cancelled_nonconformity_does_not_count_as_closed(self):
        self._cancel_nonconformity()
        self.assertFalse(self.case._gate_check_nonconformities_closed())
        activity = self.case.activity_ids.filtered(
            lambda a: self.nonconformity.ref in (a.summary or "")
        )
        self.assertEqual(activity.user_id, self.handler)
        self._put_aside("waive", reason="Nothing was found")
        self.assertTrue(self.case._gate_check_nonconformities_closed())

    # -- cutting -------------------------------------------------------------------
    def test_cut_takes_actions_and_files_along_and_tells_both(self):
        self._link(self.second)
        mine, theirs = self._new_action(self.case), self._new_action(self.second)
        self._new_file(self.case, b"mine", "mine.txt")
        self._new_file(self.second, b"theirs", "theirs.txt")
        self._put_aside("cut")
        self.assertFalse(self.case.nonconformity_ids)
        self.assertEqual(self.nonconformity.action_ids, theirs)
        self.assertTrue(mine.exists())
        self.assertEqual(self._get_shown().mapped("name"), ["theirs.txt"])
        self.assertIn(self.case.name, self.nonconformity.message_ids[0].body)
        entry = self.case.journal_entry_ids.filtered(
            lambda e: e.event == "nonconformity_cut"
        )
        self.assertIn("another oven", entry.note)

    def test_cut_case_can_be_moved_on_again(self):
        self._put_aside("cut")
        self.case.with_user(self.investigator).action_transfer_nonconformity()
        self.assertEqual(len(self.case.nonconformity_ids), 1)
        self.assertNotEqual(self.case.nonconformity_ids, self.nonconformity)

    def test_deleting_linked_nonconformity_refused_for_everybody(self):
        with self.assertRaisesRegex(UserError, self.case.name):
            self.nonconformity.sudo().unlink()
        self._put_aside("cut")
        self.nonconformity.sudo().unlink()
        self.assertFalse(self.nonconformity.exists())

    # -- telling -------------------------------------------------------------------
    def test_cancelled_and_reopened_case_is_told_by_number_only(self):
        self.case.stage_id = self._stage("cancelled")
        body = self.nonconformity.message_ids[0].body
        self.assertIn(self.case.name, body)
        self.assertNotIn(self.case.subject, body)
        count = len(self.nonconformity.message_ids)
        self.case._reopen("It smokes again")
        self.assertEqual(len(self.nonconformity.message_ids), count + 1)

    def test_ended_case_without_nonconformity_is_not_moved_on(self):
        self.second.stage_id = self._stage("cancelled")
        with self.assertRaisesRegex(UserError, "Re-open"):
            self.second.with_user(self.investigator).action_transfer_nonconformity()

    # -- merging -------------------------------------------------------------------
    def test_merge_moves_links_once(self):
        twin = self._new_case()
        action = self._new_action(twin)
        (self.case | twin).with_user(self.manager)._merge(
            twin.with_user(self.manager), True
        )
        self.assertEqual(twin.nonconformity_ids, self.nonconformity)
        self.assertFalse(self.case.nonconformity_ids)
        self.assertIn(action, self.nonconformity.action_ids)
        twin.with_user(self.investigator).action_transfer_nonconformity()
        self.assertEqual(twin.nonconformity_ids, self.nonconformity)
