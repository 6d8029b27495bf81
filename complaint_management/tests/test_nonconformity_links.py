from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from odoo.addons.mail.tests.common import mail_new_test_user

from .nonconformity_common import NonconformityCommon


@tagged("post_install", "-at_install")
class TestNonconformityLinks(NonconformityCommon):
    """One nonconformity for many cases and a case with several."""

    # -- linking -------------------------------------------------------------------
    def test_link_shares_actions_files_and_tells_both(self):
        action = self._new_action(self.second)
        self._new_file(self.second)
        self._link(self.second)
        self.assertEqual(self.nonconformity.complaint_case_ids, self.case | self.second)
        self.assertEqual(self.nonconformity.action_ids, action)
        self.assertEqual(self._get_shown().raw, b"burnt")
        self.assertIn(self.second.name, self.nonconformity.message_ids[0].body)
        self.assertIn(self.nonconformity.ref, self.second.message_ids[0].body)
        entry = self.second.journal_entry_ids.filtered(
            lambda e: e.event == "nonconformity_linked"
        )
        self.assertEqual(entry.note, self.nonconformity.ref)
        self.assertEqual(entry.actor_id, self.investigator)

    def test_link_names_no_other_customer_in_the_description(self):
        self._link(self.second)
        text = f"{self.nonconformity.name} {self.nonconformity.description}"
        self.assertNotIn("Behruz", text)

    def test_way_back_leads_to_the_one_complaint_or_lists_several(self):
        nonconformity = self.nonconformity.with_user(self.handler)
        opened = nonconformity.action_open_complaint_cases()
        self.assertEqual(opened["res_id"], self.case.id)
        self._link(self.second)
        opened = nonconformity.action_open_complaint_cases()
        self.assertNotIn("res_id", {k for k, v in opened.items() if v})
        found = self.env["complaint.case"].search(opened["domain"])
        self.assertEqual(found, self.case | self.second)

    def test_link_twice_refused_and_nothing_doubled(self):
        self._link(self.second)
        with self.assertRaisesRegex(UserError, "already"):
            self._link(self.second)
        self.assertEqual(len(self.nonconformity.complaint_case_ids), 2)

    def test_link_by_handler_refused(self):
        with self.assertRaises(AccessError):
            self.second.with_user(self.handler)._link_nonconformity(self.nonconformity)
        with self.assertRaises(AccessError):
            self._link(self.second, user=self.handler)

    def test_link_to_ended_nonconformity_refused(self):
        self._close_nonconformity()
        with self.assertRaisesRegex(UserError, "has ended"):
            self._link(self.second)

    def test_link_of_other_company_refused(self):
        company = self.env["res.company"].create({"name": "Other"})
        self.nonconformity.company_id = company
        with self.assertRaisesRegex(UserError, "different companies"):
            self.second._link_nonconformity(self.nonconformity)

    def test_link_written_on_the_nonconformity_refused(self):
        """Neither RPC nor import links, cuts, or creates with a link."""
        found = self.nonconformity.with_user(self.manager)
        for command in (Command.link(self.second.id), Command.unlink(self.case.id)):
            with self.assertRaises(AccessError):
                found.write({"complaint_case_ids": [command]})
        with self.assertRaises(AccessError):
            found.write({"complaint_transfer_case_id": self.second.id})
        result = found.load(
            [".id", "complaint_case_ids/.id"],
            [[str(found.id), str(self.second.id)]],
        )
        self.assertFalse(result["ids"])
        self.assertEqual(self.nonconformity.complaint_case_ids, self.case)

    def test_new_for_many_names_numbers_and_no_customer(self):
        third = self._new_case(subject="Third")
        wizard = Form(
            self.env["complaint.nonconformity.link"]
            .with_user(self.investigator)
            .with_context(
                active_model="complaint.case", active_ids=(self.second | third).ids
            )
        )
        wizard.way = "new"
        wizard.save().action_confirm()
        made = third.nonconformity_ids
        self.assertEqual(made, self.second.nonconformity_ids)
        self.assertIn(self.second.name, made.description)
        self.assertIn(third.name, made.description)
        self.assertNotIn("Behruz", f"{made.name}{made.description}")
        self.assertEqual(made.partner_id, self.env.company.partner_id)

    def test_new_for_many_with_customer_name_in_the_text_refused(self):
        third = self._new_case(subject="Third")
        with self.assertRaisesRegex(UserError, "names"):
            self._link(
                self.second | third, way="new", description="What BEHRUZ ƏLİYEV saw"
            )

    def test_second_nonconformity_of_a_case_is_possible(self):
        self._link(self.case, way="new", description="Another problem of the oven")
        self.assertEqual(len(self.case.nonconformity_ids), 2)
        self._close_nonconformity()
        self.assertFalse(self.case._gate_check_nonconformities_closed())

    def test_link_thousand_cases_makes_flat_number_of_queries(self):
        def count(cases):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            cases._join_nonconformity(self.nonconformity)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        values = [{"subject": f"Oven {n}", "team_id": self.team.id} for n in range(105)]
        cases = self.env["complaint.case"].create(values)
        few, many = count(cases[:5]), count(cases[5:])
        self.assertLess(many - few, 20, f"{few} for 5, {many} for 100")

    # -- files ---------------------------------------------------------------------
    def test_file_is_stored_once_and_each_side_deletes_its_own(self):
        content = b"the same bytes " * 1000
        mine = self._new_file(self.case, content, "long.txt")
        shown = self._get_shown()
        self.assertEqual(shown.store_fname, mine.store_fname)
        self.env.cr.execute(
            "SELECT COUNT(DISTINCT store_fname), COUNT(*) FROM ir_attachment"
            " WHERE id = ANY(%s)",
            [(mine | shown).ids],
        )
        self.assertEqual(self.env.cr.fetchone(), (1, 2))
        shown.unlink()
        self.env["ir.attachment"]._gc_file_store_unsafe()
        self.assertEqual(mine.raw, content)
        again = mine.copy({"res_model": "mgmtsystem.nonconformity", "res_id": 1})
        mine.unlink()
        self.env["ir.attachment"]._gc_file_store_unsafe()
        self.assertEqual(again.raw, content)

    def test_later_file_and_evidence_follow_while_it_is_open(self):
        self._new_file(self.case, b"later", "later.txt")
        self.env["complaint.evidence"].with_user(self.handler)._add(
            self.case.with_user(self.handler), [("proof.txt", b"proof")]
        )
        self.case.with_user(self.handler).message_post(
            body="See", attachments=[("note.txt", b"note")]
        )
        self.assertEqual(
            set(self._get_shown().mapped("name")),
            {"later.txt", "proof.txt", "note.txt"},
        )
        self._close_nonconformity()
        self._new_file(self.case, b"too late", "late.txt")
        self.assertEqual(len(self._get_shown()), 3)

    def test_same_file_of_two_cases_is_shown_once(self):
        self._new_file(self.case)
        self._new_file(self.second)
        self._link(self.second)
        self.assertEqual(len(self._get_shown()), 1)

    def test_later_action_joins_every_open_nonconformity(self):
        self._link(self.second)
        action = self._new_action(self.second)
        self.assertIn(action, self.nonconformity.action_ids)

    # -- confidential ----------------------------------------------------------------
    def test_confidential_case_leaves_no_words_in_the_nonconformity(self):
        case = self._new_case(
            is_confidential=True, user_id=self.investigator.id, subject="Secret"
        )
        self._new_file(case)
        case.with_user(self.investigator).action_transfer_nonconformity()
        made = case.nonconformity_ids
        text = f"{made.name} {made.description} {made.analysis or ''}"
        self.assertNotIn("Secret", text)
        self.assertNotIn(case.description, text)
        self.assertIn(case.name, text)
        self.assertEqual(made.partner_id, self.env.company.partner_id)
        self.assertFalse(
            self.env["ir.attachment"].search(
                [("res_model", "=", made._name), ("res_id", "=", made.id)]
            )
        )
        self._new_file(case, b"later")
        self.assertFalse(
            self.env["ir.attachment"].search(
                [("res_model", "=", made._name), ("res_id", "=", made.id)]
            )
        )

    def test_cases_on_it_show_subject_only_to_who_may_read_them(self):
        secret = self._new_case(
            is_confidential=True, user_id=self.investigator.id, subject="Secret"
        )
        self._link(secret)
        lines = self.nonconformity.with_user(self.manager).complaint_case_lines
        self.assertIn(secret.name, lines)
        self.assertIn(self.case.subject, lines)
        self.assertNotIn("Secret", lines)
        mine = self.nonconformity.with_user(self.investigator).complaint_case_lines
        self.assertIn("Secret", mine)

    def test_user_of_nonconformities_only_sees_numbers(self):
        user = mail_new_test_user(
            self.env, "nc_only", groups="mgmtsystem.group_mgmtsystem_user"
        )
        found = self.nonconformity.with_user(user)
        self.assertEqual(found.complaint_case_count, 1)
        self.assertIn(self.case.name, found.complaint_case_lines)
        self.assertNotIn(self.case.subject, found.complaint_case_lines)

    def test_state_shows_on_the_case_to_who_cannot_read_nonconformities(self):
        user = new_test_user(self.env, "plain_employee")
        self.nonconformity.invalidate_recordset()
        with self.assertRaises(AccessError):
            self.nonconformity.with_user(user).read(["name"])
        notice = self.case.with_user(user).sudo(False)._fields["nonconformity_notice"]
        self.assertTrue(notice.compute_sudo)
        self.assertIn(self.nonconformity.ref, self.case.nonconformity_notice)
        self.assertTrue(self.case.has_open_nonconformity)

    def test_case_that_becomes_confidential_asks_to_look_at_the_nonconformity(self):
        self.case.with_user(self.handler).is_confidential = True
        self.assertIn(self.nonconformity.ref, self.case.activity_ids.note)
        self.assertEqual(self.case.activity_ids.user_id, self.handler)
        self.case.is_confidential = True
        self.assertEqual(len(self.case.activity_ids), 1)
        self._new_file(self.case, b"later")
        self.assertFalse(self._get_shown())

    def test_nonconformity_is_found_by_its_number(self):
        found = self.env["mgmtsystem.nonconformity"].name_search(self.nonconformity.ref)
        self.assertIn(self.nonconformity.id, [id_ for id_, __ in found])
        self.assertIn(self.nonconformity.ref, self.nonconformity.display_name)

    def test_missing_counts_actions_that_one_may_not_read(self):
        secret = self._new_case(is_confidential=True, user_id=self.investigator.id)
        self._link(secret)
        action = self._new_action(secret, name="Talk to the person")
        self.assertIn(action, self.nonconformity.sudo().action_ids)
        self.env.invalidate_all()
        text = self.nonconformity.with_user(self.manager).complaint_missing
        self.assertNotIn("Talk", text)
        self.assertIn("1 that you can't read", text)
        mine = self.nonconformity.with_user(self.investigator).complaint_missing
        self.assertIn("Talk", mine)

    # -- what is missing -------------------------------------------------------------
    def test_missing_is_said_in_words_until_all_is_there(self):
        action = self._new_action(self.case)
        text = self.nonconformity.complaint_missing
        self.assertEqual(len(text.splitlines()), 3)
        self.assertIn(action.name, text)
        self.nonconformity.action_comments = "Plan"
        self.assertEqual(len(self.nonconformity.complaint_missing.splitlines()), 2)
        action.stage_id = self.env.ref("mgmtsystem_action.stage_close")
        self.nonconformity.evaluation_comments = "Worked"
        self.assertFalse(self.nonconformity.complaint_missing)
        self._close_nonconformity()
        self.assertTrue(self.case._gate_check_nonconformities_closed())

    def test_due_and_days_open_come_from_actions_and_dates(self):
        self._new_action(self.case, date_deadline="2030-05-01")
        self._new_action(self.case, date_deadline="2030-04-01")
        self.assertEqual(str(self.nonconformity.complaint_due), "2030-04-01")
        self.assertEqual(self.nonconformity.complaint_days_open, 0)
