from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .common import PDF, PortalCommon

XSS = "<script>alert('x')</script><img src=x onerror=alert(1)>"


@tagged("post_install", "-at_install")
class TestCustomerPages(PortalCommon):
    def _page(self, case=None, user=None):
        case = case or self.own_case
        return self._get(f"/my/complaints/{case.id}", user or self.user_a)

    def test_list_filters_searches_and_sorts(self):
        done = self._new_case(subject="A kettle that hums")
        done.stage_id = self._stage("cancelled")
        self._login(self.user_a)
        cases = {
            "": (True, True),
            "?filterby=open": (True, False),
            "?filterby=closed": (False, True),
            "?search=kettle": (False, True),
            "?search=heat&search_in=subject": (True, False),
            f"?search={done.name}&search_in=name": (False, True),
            "?search=%25&search_in=name": (False, False),
            "?sortby=nonsense&filterby=nonsense&search_in=password": (True, True),
        }
        for query, (has_own, has_done) in cases.items():
            text = self._get(f"/my/complaints{query}").text
            with self.subTest(query):
                self.assertEqual(self.own_case.name in text, has_own)
                self.assertEqual(done.name in text, has_done)

    def test_list_pages_without_losing_or_repeating_a_case(self):
        cases = self.env["complaint.case"].create(
            [
                {
                    "subject": f"Case {number:02}",
                    "partner_id": self.customer.id,
                    "team_id": self.team.id,
                }
                for number in range(24)
            ]
        )
        self._login(self.user_a)
        texts = [self._get(f"/my/complaints/page/{page}").text for page in (1, 2)]
        for case in cases | self.own_case:
            self.assertEqual(sum(case.name in text for text in texts), 1, case.name)

    def test_list_needs_as_many_queries_for_twenty_cases_as_for_two(self):
        self._new_case()
        self._get("/my/complaints", self.user_a)
        counts = []
        for extra in (0, 16):
            for __ in range(extra):
                self._new_case()
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            self._get("/my/complaints")
            counts.append(self.env.cr.sql_log_count - start)
        self.assertGreater(counts[0], 0)
        self.assertLessEqual(counts[1], counts[0])

    def test_page_shows_what_the_customer_needs(self):
        text = self._page().text
        for part in (
            self.own_case.name,
            "The oven doesn&#39;t heat",
            "It was new and never got warm.",
            "We have received your complaint.",
            "We mean to solve it by",
            'aria-current="step"',
            '<html lang="en-US" dir="ltr"',
        ):
            self.assertIn(part, text)

    def test_page_hides_what_is_internal(self):
        case = self.own_case
        case.message_post(body="SECRET-NOTE", attachments=[("n.pdf", PDF)])
        case.write({"root_cause": "SECRET-CAUSE", "decision": "SECRET-DRAFT"})
        case.message_notify(
            body="SECRET-NOTIFICATION", partner_ids=self.handler.partner_id.ids
        )
        hidden = case.message_post(
            body="SECRET-HIDDEN",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        hidden.is_internal = True
        response = self._page()
        self.assertNotIn("SECRET", response.text)
        self.assertNotIn("n.pdf", response.text)
        self.assertNotIn(self.team.name, response.text)

    def test_decision_is_shown_once_it_is_told(self):
        case = self.own_case
        case.decision = "You get a new oven."
        self.assertNotIn("You get a new oven.", self._page().text)
        # Past the gates, which are not the topic here.
        self.env["complaint.gate"].search([]).active = False
        case.stage_id = self._stage("response")
        self.assertNotIn("You get a new oven.", self._page().text)
        case._note_decision_told("message")
        self.assertIn("You get a new oven.", self._page().text)

    def test_cancelled_case_doesnt_claim_to_be_solved(self):
        self.own_case.stage_id = self._stage("cancelled")
        text = self._page().text
        self.assertIn("withdrawn", text)
        self.assertNotIn("It is solved", text)

    def test_late_promise_is_admitted(self):
        case = self._new_case(received_at=fields.Datetime.now() - timedelta(days=60))
        self.assertIn("This took longer than we promised", self._page(case).text)

    def test_page_says_what_we_wait_for_while_we_wait(self):
        reason = self.env.ref(
            "complaint_management.complaint_sla_pause_reason_customer"
        )
        moves = "The date moves by the time that we wait."
        self.own_case._set_pause(reason)
        self.own_case._sla_pause(reason)
        for page in (self._get_tracking_page(), self._page()):
            self.assertIn(reason.customer_text, page.text)
            self.assertIn(moves, page.text)
        self.own_case._resume_promises()
        self.assertNotIn(reason.customer_text, self._page().text)
        # Who is late already doesn't stand, and says all the same whose turn it is.
        clocks = self.own_case.sla_clock_ids
        clocks._append_each([c._prepare_event("breach", c.deadline) for c in clocks])
        self.own_case._set_pause(reason)
        text = self._page().text
        self.assertIn(reason.customer_text, text)
        self.assertNotIn(moves, text)

    def _get_tracking_page(self):
        token = self.own_case._get_tracking_token()
        return self._get(f"/complaint/track/{token}", user=None)

    def test_markup_in_every_text_is_shown_as_text(self):
        self.customer.name = f"Aysel {XSS}"
        case = self._new_case(
            subject=XSS,
            description=XSS,
            lot=XSS,
            order_ref=XSS,
            on_behalf_of=XSS,
            decision=XSS,
            partner_name=XSS,
        )
        self.env["complaint.gate"].search([]).active = False
        case._note_decision_told("message")
        case._portal_post_message(self.customer, XSS, [(f"{XSS}.pdf", PDF)])
        self.env["mail.message"].create(
            {
                "model": case._name,
                "res_id": case.id,
                "message_type": "email",
                "author_id": self.customer.id,
                "subtype_id": self.env.ref("mail.mt_comment").id,
                "body": f"<p onclick='x()'>mail {XSS}</p>"
                "<a href='javascript:alert(1)'>a</a>",
            }
        )
        pages = (
            f"/my/complaints/{case.id}",
            "/my/complaints",
            f"/complaint/track/{case._get_tracking_token()}",
        )
        self._login(self.user_a)
        for path in pages:
            text = self._get(path).text
            for bad in (
                "<script>alert",
                "<img src=x",
                'onerror="alert',
                "onclick=",
                "javascript:alert",
            ):
                self.assertNotIn(bad, text, (path, bad))

    def test_files_of_visible_messages_and_marked_files_download(self):
        case = self.own_case
        case.with_user(self.handler).message_post(
            body="See the manual.",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            attachments=[("manual.pdf", PDF)],
        )
        self.env["ir.attachment"].create(
            {
                "name": "evidence.pdf",
                "raw": PDF,
                "res_model": case._name,
                "res_id": case.id,
                "is_customer_visible": True,
            }
        )
        links = self._file_links(self._page())
        self.assertEqual(len(links), 2)
        for link in links:
            response = self._get(link)
            self.assertEqual((response.status_code, response.content), (200, PDF))
            self.assertIn("attachment", response.headers["Content-Disposition"])
            self.assertEqual(response.headers["X-Content-Type-Options"], "nosniff")

    def test_evidence_is_shown_when_marked_and_in_its_newest_version(self):
        case = self.own_case
        lines = self.env["complaint.evidence"]._add(case, [("scorch.pdf", PDF)])
        self.assertNotIn("scorch.pdf", self._page().text)
        lines.is_customer_visible = True
        (link,) = self._file_links(self._page())
        self.assertEqual(self._get(link).content, PDF)
        lines._replace("better.pdf", PDF)
        text = self._page().text
        self.assertNotIn("scorch.pdf", text)
        self.assertNotIn("better.pdf", text)
        self.assertEqual(self._get(link).status_code, 404)

    def test_handler_shows_a_file_and_auditor_cannot(self):
        file = self.env["ir.attachment"].create(
            {
                "name": "evidence.pdf",
                "raw": PDF,
                "res_model": "complaint.case",
                "res_id": self.own_case.id,
            }
        )
        show = {"file_ids": [Command.update(file.id, {"is_customer_visible": True})]}
        with self.assertRaises(AccessError):
            self.own_case.with_user(self.auditor).write(show)
        self.assertNotIn("evidence.pdf", self._page().text)
        self.own_case.with_user(self.handler).write(show)
        self.assertIn("evidence.pdf", self._page().text)

    def test_file_links_open_for_nobody_else(self):
        case = self.own_case
        case._portal_post_message(self.customer, "x", [("mine.pdf", PDF)])
        secret = self.env["ir.attachment"].create(
            {
                "name": "internal.pdf",
                "raw": PDF,
                "res_model": case._name,
                "res_id": case.id,
            }
        )
        [link] = self._file_links(self._page())
        folder, token = link.rsplit("/", 1)
        others = (self.user_b, self.boss, self.supplier_user, self.handler)
        bad_links = [
            f"{folder}/{'0' * 40}",
            f"{folder}/%D9%86",
            f"/my/complaints/{case.id}/files/{secret.id}/{token}",
            f"/my/complaints/{case.id}/files/2000000000/{token}",
            link.replace(f"/{case.id}/", f"/{self.other_case.id}/"),
        ]
        answers = [self._get(bad) for bad in bad_links]
        answers += [self._get(link, user) for user in others]
        for answer in answers:
            self.assertEqual(answer.status_code, 404, answer.url)
            self.assertNotIn(PDF, answer.content)
        self._assert_to_login(self._get(link, None))

    def test_page_in_persian_reads_right_to_left_with_persian_dates(self):
        self.env["res.lang"]._activate_lang("fa_IR")
        self._login(self.user_a)
        text = self.url_open(f"/fa_IR/my/complaints/{self.own_case.id}").text
        self.assertRegex(text, r'<html lang="fa-IR" dir="rtl"')
        self.assertRegex(text, "[۰-۹]{1,2} [آ-ی]+ ۱۴[۰-۹]{2}")
