from datetime import date

from freezegun import freeze_time
from markupsafe import Markup

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .test_legal_hold import HoldCommon


@tagged("post_install", "-at_install")
class TestApprovedAnswers(HoldCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template = cls._template()
        cls.case = cls._new_case(is_legal_risk=True, lang="en_US")

    @classmethod
    def _template(cls, **values):
        templates = cls.env["complaint.response.template"].with_user(cls.legal)
        return templates.create(
            {
                "name": "We examine it",
                "subject": "Your complaint {{ case }}",
                "body": "<p>Dear {{ customer }}, we examine {{case}}.</p>",
                "lang": "en_US",
                **values,
            }
        )

    def _approve(self, template=None):
        (template or self.template).with_user(self.second_legal).action_approve()

    def _send(self, case=None, template=None):
        wizard = (
            self.env["complaint.response.send"]
            .with_user(self.handler)
            .create(
                {
                    "case_id": (case or self.case).id,
                    "template_id": (template or self.template).id,
                }
            )
        )
        wizard.action_send()
        return (case or self.case).message_ids[0]

    def _exact(self):
        subject, body = self.template._render_for(self.case)
        return {
            "subject": subject,
            "body": Markup(body),
            "message_type": "comment",
            "subtype_xmlid": "mail.mt_comment",
            "email_add_signature": False,
        }

    # -- approving ---------------------------------------------------------------
    def test_somebody_else_of_legal_approves(self):
        for user in (self.legal, self.handler, self.manager, self.env.user):
            with self.assertRaises(AccessError):
                self.template.with_user(user).sudo().action_approve()
        with self.assertRaises(AccessError):
            self.template.sudo().write({"state": "approved"})
        self._approve()
        self.assertTrue(self.template.is_usable)
        self.assertEqual(self.template.approved_by_id, self.second_legal)
        events = self.template.sudo().journal_entry_ids.mapped("event")
        self.assertIn("changed", events)

    def test_last_writer_is_the_author(self):
        self.template.with_user(self.second_legal).body = "<p>Other</p>"
        with self.assertRaises(AccessError):
            self._approve()
        self.template.with_user(self.legal).action_approve()

    def test_born_approved_is_a_draft(self):
        template = self.env["complaint.response.template"].create(
            {"name": "x", "subject": "x", "body": "x", "state": "approved"}
        )
        self.assertEqual(template.state, "draft")

    def test_approved_answer_never_changes_and_next_version_ends_it(self):
        self._approve()
        for user in (self.legal, self.env.user):
            with self.assertRaises(UserError):
                self.template.with_user(user).sudo().write({"body": "<p>Other</p>"})
        with self.assertRaises(UserError):
            self.template.sudo().unlink()
        new = self.template.browse(self.template.action_new_version()["res_id"])
        self.assertEqual((new.version, new.state), (2, "draft"))
        self.assertTrue(self.template.is_usable)
        self._approve(new)
        self.assertEqual(self.template.state, "withdrawn")

    def test_unknown_placeholder_is_refused(self):
        for text in ("{{ object.env }}", "{{ decision }}", "{{ 1 + 1 }}"):
            with self.assertRaises(ValidationError):
                self._template(body=text)

    def test_seeds_are_drafts_in_four_languages(self):
        seeds = self.env["complaint.response.template"].search(
            [("id", "!=", self.template.id)]
        )
        self.assertLessEqual(
            {"az_AZ", "tr_TR", "fa_IR", "en_US"}, set(seeds.mapped("lang"))
        )
        for seed in seeds:
            self.assertIn(self.case.name, seed._render_for(self.case)[0])

    # -- sending -----------------------------------------------------------------
    def test_approved_answer_goes_out_as_it_is(self):
        with self.assertRaises(UserError):
            self._send()
        self._approve()
        message = self._send()
        self.assertIn(f"we examine {self.case.name}", message.body)
        self.assertEqual(message.subject, f"Your complaint {self.case.name}")
        self.assertTrue(self.case.responded_at)
        self.assertEqual(
            self.case.sudo().journal_entry_ids[0].event, "approved_answer_sent"
        )

    def test_letter_with_the_decision_is_an_approved_one(self):
        self.template.purpose = "decision"
        self._approve()
        case = self.case.with_user(self.handler)
        case.sudo().decision = "We refund you"
        wizard = self.env["complaint.answer"].with_user(self.handler)
        letter = wizard.create({"case_id": case.id, "way": "message"})
        self.assertTrue(letter.is_legal_matter)
        self.assertEqual(letter.template_id, self.template)
        self.assertIn(f"we examine {case.name}", letter.body)
        letter.body = "<p>We refund you</p>"
        letter.action_send()
        message = self.case.message_ids[0]
        self.assertIn(f"we examine {case.name}", message.body)
        self.assertNotIn("refund", message.body)
        self.assertTrue(self.case.decision_sent_at)
        events = self.case.sudo().journal_entry_ids.mapped("event")
        self.assertEqual(events.count("decision_told"), 1)
        with self.assertRaises(UserError):
            wizard.create(
                {"case_id": case.id, "way": "message", "template_id": False}
            ).action_send()

    def test_persian_letters_have_persian_dates(self):
        self.env["res.lang"]._activate_lang("fa_IR")
        case = self._new_case(
            lang="fa_IR", received_at="2026-11-18 06:00:00", priority="3"
        )
        facts = case._get_answer_facts()
        self.assertEqual(facts["received_on"](), "۲۷ آبان ۱۴۰۵")
        self.assertIn("۱۴۰۵", facts["solved_by"]())
        case.lang = "en_US"
        self.assertEqual(facts["received_on"](), "18 November 2026")

    def test_facts_cannot_bring_markup_along(self):
        self._approve()
        self.case.partner_name = "<a href='https://x.example'>Aysel</a>"
        self.assertNotIn("<a", self._send().body)

    def test_free_words_are_refused_by_every_way(self):
        self._approve()
        exact = self._exact()
        self.case.with_user(self.handler).message_post(**exact)
        note = self.case.with_user(self.handler).message_post(body="Free")
        file = self.env["ir.attachment"].create({"name": "a.txt", "raw": b"a"})
        posts = [
            {"body": "We pay you everything"},
            {"body": exact["body"] + Markup("<p>And 500 AZN.</p>")},
            {"body": exact["body"].replace("examine", "accept")},
            {"subject": "We pay"},
            {"email_add_signature": True},
            {"attachment_ids": file.ids},
            {"message_type": "notification", "body": "We pay"},
            {"message_type": "email", "body": "We pay"},
            {"message_type": "auto_comment", "body": "We pay"},
            {"author_id": self.customer.id, "body": "We pay"},
            {
                "subtype_xmlid": "mail.mt_note",
                "partner_ids": self.customer.ids,
                "body": "x",
            },
            {
                "subtype_xmlid": "mail.mt_note",
                "outgoing_email_to": "aysel@customer.example",
                "body": "x",
            },
        ]
        for user in (self.handler, self.manager, self.legal):
            for values in posts:
                with self.assertRaises(AccessError, msg=values):
                    self.case.with_user(user).message_post(**exact | values)
        routes = [
            lambda: note.sudo().write(
                {"subtype_id": self.env.ref("mail.mt_comment").id}
            ),
            lambda: self.case.message_notify(
                body="We pay", partner_ids=self.customer.ids
            ),
            lambda: self.env["mail.message"].create(
                {
                    "model": self.case._name,
                    "res_id": self.case.id,
                    "body": "We pay",
                    "message_type": "comment",
                    "subtype_id": self.env.ref("mail.mt_comment").id,
                    "author_id": self.handler.partner_id.id,
                }
            ),
            lambda: self._compose("We pay"),
        ]
        for number, route in enumerate(routes):
            with self.assertRaises(AccessError, msg=number):
                route()

    def _compose(self, body):
        composer = (
            self.env["mail.compose.message"]
            .with_user(self.handler)
            .create(
                {
                    "model": self.case._name,
                    "res_ids": str(self.case.ids),
                    "composition_mode": "comment",
                    "body": body,
                    "partner_ids": self.customer.ids,
                }
            )
        )
        composer._action_send_mail()

    def test_held_case_is_a_legal_matter_too(self):
        case = self._new_case()
        self._answer(case, self.handler)
        hold = self._hold(case)
        with self.assertRaises(AccessError):
            self._answer(case, self.handler)
        self._release(hold)
        self._answer(case, self.handler)

    def test_expired_or_other_language_does_not_count(self):
        self.template.valid_until = date(2026, 6, 30)
        self._approve()
        with freeze_time("2026-06-30 10:00:00"):
            self.assertTrue(self.template.is_usable)
            self._send()
        with freeze_time("2026-07-02 10:00:00"):
            self.env.invalidate_all()
            with self.assertRaises(UserError):
                self._send()
            with self.assertRaises(AccessError):
                self.case.with_user(self.handler).message_post(**self._exact())
        other = self._template(lang="tr_TR")
        self._approve(other)
        with self.assertRaises(UserError):
            self._send(template=other)

    def test_notes_and_what_the_customer_writes_are_free(self):
        self.case.with_user(self.handler).message_post(body="Call their lawyer")
        self.case.message_post(
            body="I go to court", message_type="email", author_id=self.customer.id
        )
        self._answer(self._new_case(), self.handler)

    def test_acknowledgement_goes_out_and_mails_about_steps_wait(self):
        case = self._new_case(
            is_legal_risk=True, email_from="aysel@customer.example", lang="en_US"
        )
        case.acknowledge_state = "queued"
        case._acknowledge()
        self.assertEqual(case.acknowledge_state, "sent")
        case.stage_id = self._stage("investigation")
        self.assertEqual(case.notice_state, "none")
        self.assertIn(
            "Tell the customer with an approved answer",
            case.activity_ids.mapped("summary"),
        )
