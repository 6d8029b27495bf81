"""Into which case a mail goes: one for a mail, and nobody's words into somebody else's
(IN-2)."""

from odoo.tests import tagged

from .mail_common import MailCommon

STRANGER = "Mallory <mallory@elsewhere.example>"


@tagged("post_install", "-at_install")
class TestMailCases(MailCommon):
    def _open(self, **headers):
        case, kept = self._process(self._mail(**headers))
        self.assertFalse(kept, kept.detail)
        return case

    def _answer(self, case, sender, **headers):
        """Answer the case's last message; return the case that it went into."""
        number = self.env["mail.message"].search([], order="id desc", limit=1).id
        values = {
            "From": sender,
            "Message_Id": f"<answer-{number}@test>",
            "Subject": f"Re: {case.display_name}",
            "In_Reply_To": case.message_ids[:1].message_id,
            **headers,
        }
        found, kept = self._process(self._mail(f"words of {sender}", **values))
        self.assertFalse(kept, kept.detail)
        return found

    # -- several recipients --------------------------------------------------------
    def test_mail_to_two_teams_opens_one_case_for_the_first(self):
        other = self.env["complaint.team"].create(
            {"name": "Ganja", "alias_name": "ganja-complaints"}
        )
        other.alias_id.alias_domain_id = self.domain
        second = other.alias_id.alias_full_name
        for headers, team in (
            ({"To": f"{self.alias}, {second}"}, self.team),
            ({"To": f"{second}, {self.alias}"}, other),
            ({"To": "x@else.example", "Cc": f"{second}, {self.alias}"}, other),
            ({"To": second, "Cc": self.alias}, other),
            (
                {"To": f"{self.alias}, y@else.example", "Cc": "z@else.example"},
                self.team,
            ),
        ):
            with self.subTest(headers):
                before = self.env["complaint.case"].search_count([])
                case = self._open(Message_Id=None, **headers)
                self.assertEqual(case.team_id, team)
                self.assertEqual(
                    self.env["complaint.case"].search_count([]), before + 1
                )
                self.assertEqual(len(case.message_ids), 1)

    # -- answers -------------------------------------------------------------------
    def test_answers_of_those_who_take_part_join(self):
        company = self.env["res.partner"].create(
            {"name": "Shop", "email": "office@shop.example", "is_company": True}
        )
        boss, clerk = self.env["res.partner"].create(
            [
                {"name": name, "email": f"{name}@shop.example", "parent_id": company.id}
                for name in ("boss", "clerk")
            ]
        )
        case = self._open(From=clerk.email, Cc="witness@else.example")
        for sender in (
            clerk.email,
            boss.email,
            company.email,
            "Witness <WITNESS@else.example>",
            self.customer.email_formatted,
        ):
            with self.subTest(sender):
                if sender == self.customer.email_formatted:
                    case.message_subscribe(self.customer.ids)
                self.assertEqual(self._answer(case, sender), case)
                without = self._answer(case, sender, In_Reply_To=None)
                self.assertEqual(without, case)

    def test_answer_of_colleague_joins_by_reference_only(self):
        case = self._open()
        self.handler.email = "handler@ours.example"
        self.assertEqual(self._answer(case, self.handler.email), case)
        self.other_handler.email = "outsider@ours.example"
        case.is_confidential = True
        self.assertNotEqual(self._answer(case, self.other_handler.email), case)
        case = self._open(Message_Id="<second@test>", Subject="Second")
        own = self._answer(case, self.manager.email, In_Reply_To=None)
        self.assertEqual(own.refers_to_id, case)

    def test_answer_of_stranger_opens_own_case_that_refers(self):
        case = self._open()
        known = len(case.message_ids)
        for headers in ({}, {"In_Reply_To": None}, {"Subject": "No number"}):
            with self.subTest(headers):
                own = self._answer(case, STRANGER, **headers)
                self.assertNotEqual(own, case)
                self.assertEqual(own.refers_to_id, case)
                self.assertEqual(own.email_normalized, "mallory@elsewhere.example")
                self.assertEqual(own.team_id, self.team)
                self.assertIn("words of", own.description)
                self.assertFalse(own.message_ids.parent_id)
        self.assertEqual(len(case.message_ids), known)
        self.assertEqual(len(case.referred_by_ids), 3)

    def test_answer_of_stranger_to_the_common_address_opens_own_case(self):
        """An answer to the catch-all address has no alias of a team in it."""
        self.env.company.alias_domain_id = self.domain
        case = self._open()
        own = self._answer(case, STRANGER, To=self.domain.catchall_email)
        self.assertEqual((own.refers_to_id, own.team_id), (case, self.team))

    def test_stranger_to_a_note_learns_and_tells_nothing(self):
        case = self._open()
        note = case.message_post(body="Secret note", subtype_xmlid="mail.mt_note")
        own = self._answer(case, STRANGER, In_Reply_To=note.message_id)
        self.assertNotEqual(own, case)
        self.assertNotIn("Secret", own.message_ids.mapped("body")[0])
        self.assertFalse(own.message_ids.filtered("is_internal"))

    def test_number_in_coded_subject_is_read(self):
        case = self._open()
        joined = self._answer(
            case,
            case.email_from,
            In_Reply_To=None,
            Subject=f"Cavab: şikayət {case.name}",
        )
        self.assertEqual(joined, case)

    def test_number_of_case_of_other_company_links_nothing(self):
        company = self.env["res.company"].create({"name": "Other"})
        other = self._new_case(company_id=company.id, team_id=False, user_id=False)
        other.name = "CMP/1999/00001"
        own = self._open(From=STRANGER, Subject=f"Re: {other.name}")
        self.assertFalse(own.refers_to_id)

    def test_link_shows_the_number_only_to_who_may_not_read_the_case(self):
        case = self._open(Subject="Top secret")
        case.write({"is_confidential": True, "user_id": self.manager.id})
        own = self._answer(case, STRANGER)
        own.team_id = self.team
        self.env.invalidate_all()
        name = own.with_user(self.handler).refers_to_id.display_name
        self.assertEqual(name, case.name)

    # -- out -----------------------------------------------------------------------
    def test_answers_go_to_the_address_of_the_team(self):
        case = self._open()
        self.assertIn(self.alias, case._notify_get_reply_to()[case.id])
        alone = self._new_case(team_id=False)
        answers = (case | alone)._notify_get_reply_to(default="x@y.example")
        self.assertEqual(set(answers), set((case | alone).ids))
        self.assertNotIn(self.alias, answers[alone.id] or "")
