from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..models.supplier_scar_flow_mixin import STATES, TRANSITIONS
from .common import SupplierCommon


@tagged("post_install", "-at_install")
class TestScarFlow(SupplierCommon):
    def _at_state(self, state):
        scar = self._new_scar()
        if state == "draft":
            return scar
        if state != "cancelled":
            scar.action_send()
        if state == "acknowledged":
            scar._supplier_acknowledge(self.supplier_user)
        if state in ("answered", "rejected", "accepted", "closed"):
            self._answer_as_supplier(scar)
        if state == "rejected":
            scar._reject("More detail please.")
        if state in ("accepted", "closed"):
            scar.action_accept()
        if state == "closed":
            scar.action_close()
        if state == "cancelled":
            scar.action_cancel()
        self.assertEqual(scar.state, state)
        self.env.invalidate_all()
        return scar

    def test_transition_matrix_allows_exactly_the_listed_ways(self):
        scar = self._new_scar()
        for state, __ in STATES:
            for target, __ in STATES:
                self._force_state(scar, state)
                if target in TRANSITIONS[state]:
                    scar._transition(target)
                    self.assertEqual(scar.state, target)
                else:
                    with self.assertRaises(UserError, msg=f"{state} → {target}"):
                        scar._transition(target)

    def _force_state(self, scar, state):
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE supplier_scar SET state = %s WHERE id = %s", [state, scar.id]
        )
        scar.invalidate_recordset()

    def test_buttons_in_wrong_state_are_refused(self):
        for state, method in (
            ("sent", "action_send"),
            ("draft", "action_accept"),
            ("sent", "action_accept"),
            ("answered", "action_close"),
            ("closed", "action_cancel"),
            ("accepted", "action_cancel"),
            ("answered", "action_record_answer"),
        ):
            with self.assertRaises(UserError, msg=f"{method} of {state}"):
                getattr(self._at_state(state), method)()
        with self.assertRaises(UserError):
            self._at_state("sent")._reject("No answer yet")

    def test_state_written_by_hand_is_refused_for_everyone(self):
        scar = self._new_scar()
        for user in (self.handler, self.quality, self.manager):
            with self.assertRaises(AccessError):
                scar.with_user(user).write({"state": "sent"})
        with self.assertRaises(AccessError):
            scar.sudo().write({"state": "closed"})
        with self.assertRaises(AccessError):
            scar.with_user(self.manager).write({"sent_at": "2020-01-01"})

    def test_send_with_gaps_names_all_of_them_at_once(self):
        self.supplier.email = False
        scar = self._new_scar(problem=" ", is_text_confirmed=False)
        with self.assertRaises(UserError) as caught:
            scar.action_send()
        message = str(caught.exception)
        for word in ("mail address", "description", "confirm"):
            self.assertIn(word, message)
        self.assertEqual(scar.state, "draft")

    def test_send_with_customer_in_text_is_refused_though_confirmed(self):
        for values in (
            {"problem": "GUNEL ISMAYILOVA saw it"},
            {"subject": "Kettle of Villa Service MMC"},
            {"problem": "call 0507654321"},
            {"lot": "SO-7781"},
        ):
            scar = self._new_scar(case_id=self.case.id, **values)
            with self.assertRaises(UserError, msg=str(values)):
                scar.action_send()
        scar.action_redact()
        scar.write({"lot": False, "is_text_confirmed": True})
        scar.action_send()
        self.assertEqual(scar.state, "sent")

    def test_confirmation_is_void_after_the_text_changed(self):
        scar = self._new_scar()
        scar.problem = "Another text"
        self.assertFalse(scar.is_text_confirmed)
        scar.write({"problem": "Third text", "is_text_confirmed": True})
        self.assertTrue(scar.is_text_confirmed)

    def test_sent_content_never_changes(self):
        scar = self._new_sent_scar().with_user(self.manager)
        for values in (
            {"problem": "softer"},
            {"partner_id": self.other_supplier.id},
            {"case_id": self.case.id},
        ):
            with self.assertRaises(UserError):
                scar.write(values)
        scar.user_id = self.manager

    @freeze_time("2026-03-05 10:00:00")
    def test_due_date_counts_working_days_of_the_company(self):
        # Thursday 14:00 in Baku; 8 March is a Sunday
        short = self._new_sent_scar()
        self.assertEqual(str(short.date_due), "2026-03-10 10:00:00")
        full = self._new_sent_scar(answer_kind="eightd")
        self.assertEqual(str(full.date_due), "2026-03-19 10:00:00")
        self.env.company.scar_short_days = 1
        self.assertEqual(str(self._new_sent_scar().date_due), "2026-03-06 10:00:00")
        chosen = self._new_sent_scar(date_due="2026-03-30 12:00:00")
        self.assertEqual(str(chosen.date_due), "2026-03-30 12:00:00")

    def test_due_date_without_usable_calendar_counts_days(self):
        with freeze_time("2026-03-06 10:00:00"):
            self.calendar.attendance_ids.unlink()
            scar = self._new_sent_scar()
            self.assertEqual(str(scar.date_due), "2026-03-09 10:00:00")

    def test_late_is_seen_searched_and_alerted_once(self):
        with freeze_time("2026-03-05 10:00:00"):
            scar = self._new_sent_scar()
            draft = self._new_scar()
            self.assertFalse(scar.is_late)
        with freeze_time("2026-03-10 10:00:01"):
            scars = scar | draft
            scars.invalidate_recordset(["is_late"])
            self.assertTrue(scar.is_late)
            found = self.env["supplier.scar"].search([("is_late", "=", True)])
            self.assertEqual(found & scars, scar)
            found = self.env["supplier.scar"].search([("is_late", "=", False)])
            self.assertEqual(found & scars, draft)
            for __ in range(2):
                self._run_late_cron()
        late_type = self.env.ref("supplier_quality.mail_activity_type_scar_late")
        activity = scar.activity_ids.filtered(lambda a: a.activity_type_id == late_type)
        self.assertEqual(len(activity), 1)
        self.assertEqual(activity.user_id, self.quality)

    def _run_late_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref("supplier_quality.ir_cron_scar_late").method_direct_trigger()

    def test_reject_renews_due_date_and_counts_rounds(self):
        with freeze_time("2026-03-05 10:00:00"):
            scar = self._new_sent_scar()
        with freeze_time("2026-03-12 10:00:00"):
            first = self._answer_as_supplier(scar)
            wizard = Form(
                self.env["supplier.scar.reject"]
                .with_user(self.quality)
                .with_context(default_scar_id=scar.id)
            )
            wizard.comment = "Why was it not found?"
            wizard.save().action_reject()
        self.assertEqual(scar.state, "rejected")
        self.assertEqual((scar.round, scar.late_rounds), (1, 1))
        self.assertEqual(str(scar.date_due), "2026-03-17 10:00:00")
        self.assertTrue(first.is_late)
        self.assertEqual(first.state, "rejected")
        self.assertEqual(first.reviewed_by_id, self.quality)
        with freeze_time("2026-03-13 10:00:00"):
            second = self._answer_as_supplier(scar, root_cause="Mix-up, no test")
        self.assertEqual((second.version, second.is_late), (2, False))
        self.assertEqual(first.root_cause, "Wrong resin")
        scar.with_user(self.quality).action_accept()
        self.assertEqual(scar.accepted_answer_id, second)
        self.assertEqual((scar.round, scar.late_rounds), (1, 1))

    def test_reject_without_comment_is_refused(self):
        scar = self._at_state("answered")
        with self.assertRaises(UserError):
            scar._reject("  ")
        self.assertEqual(scar.round, 0)

    def test_judging_by_other_handler_is_refused(self):
        scar = self._new_sent_scar(case_id=self.case.id)
        self._answer_as_supplier(scar)
        handler = scar.with_user(self.handler)
        self.assertTrue(handler.has_access("write"))
        for call in (handler.action_accept, lambda: handler._reject("no")):
            with self.assertRaises(AccessError):
                call()
        scar.user_id = self.handler
        handler.action_accept()
        self.assertEqual(scar.state, "accepted")

    def test_root_cause_is_copied_to_the_case_once(self):
        scar = self._new_sent_scar(case_id=self.case.id)
        with self.assertRaises(UserError):
            scar.action_copy_root_cause()
        self._answer_as_supplier(scar)
        scar.action_accept()
        self.case.root_cause = "Known before"
        for __ in range(2):
            scar.with_user(self.handler).action_copy_root_cause()
        self.assertEqual(
            self.case.root_cause, f"Known before\n{scar.name}: Wrong resin"
        )

    def test_journal_keeps_every_decision(self):
        scar = self._new_scar().with_user(self.quality)
        scar.action_send()
        self._answer_as_supplier(scar)
        scar._reject("More")
        entries = scar.sudo().journal_entry_ids.sorted("chain_sequence")
        states = [entry.after.get("state") for entry in entries]
        self.assertEqual(
            [state for state in states if state],
            ["draft", "sent", "answered", "rejected"],
        )
        self.assertEqual(entries[-1].actor_id, self.quality)
        answered = entries.filtered(lambda e: e.after.get("state") == "answered")
        self.assertEqual(answered.actor_id, self.supplier_user)

    def test_numbered_request_is_never_deleted(self):
        with self.assertRaises(UserError):
            self._new_scar().unlink()
