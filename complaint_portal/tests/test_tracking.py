from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common import PNG, PortalCommon


@tagged("post_install", "-at_install")
class TestTracking(PortalCommon):
    def _track(self, token, **kw):
        return self._get(f"/complaint/track/{token}", **kw)

    def test_link_shows_status_and_no_person(self):
        case = self.own_case
        self._answer(case, self.handler)
        case._portal_post_message(self.customer, "MESSAGE-TEXT", [])
        response = self._track(case._get_tracking_token(), user=None)
        self.assertEqual(response.status_code, 200)
        for shown in (
            case.name,
            "We have received your complaint.",
            "We mean to solve it by",
        ):
            self.assertIn(shown, response.text)
        for hidden in (
            "Aysel",
            "Kazımova",
            "aysel@",
            case.subject,
            case.description,
            "MESSAGE-TEXT",
            "We are looking into it.",
            self.handler.name,
            self.team.name,
            case.product_id.name,
        ):
            self.assertNotIn(hidden, response.text)

    def test_cases_of_a_handler_have_links_of_their_own(self):
        cases = (
            self.env["complaint.case"]
            .with_user(self.handler)
            .create([{"subject": subject} for subject in ("Cold", "Loud", "Wet")])
        )
        self.assertEqual(len(set(cases.sudo().mapped("tracking_nonce"))), 3)

    def test_link_stays_out_of_logs_and_indexes(self):
        for token in (self.own_case._get_tracking_token(), "1-" + "0" * 40):
            headers = self._track(token, user=None).headers
            self.assertEqual(headers["Referrer-Policy"], "no-referrer")
            self.assertIn("noindex", headers["X-Robots-Tag"])
            self.assertEqual(headers["Cache-Control"], "no-store")
            self.assertIn("frame-ancestors", headers["Content-Security-Policy"])

    def test_changed_tokens_open_nothing(self):
        token = self.own_case._get_tracking_token()
        number, digest = token.split("-")
        other = self.other_case._get_tracking_token().split("-")[1]
        flipped = digest[:-1] + ("0" if digest[-1] != "0" else "1")
        texts = set()
        for bad in (
            f"{number}-{flipped}",
            f"{number}-{other}",
            f"{self.other_case.id}-{digest}",
            f"999999999-{digest}",
            f"{number}-{digest.upper()}",
            f"{number}-{digest}0",
            number,
            f"9999999999999-{digest}",
            "%D9%A1-" + digest,
        ):
            response = self._track(bad, user=None)
            self.assertEqual(response.status_code, 404, bad)
            self.assertNotIn("CMP/", response.text, bad)
            texts.add(response.text.partition("<main>")[2].partition("<footer")[0])
        self.assertEqual(len(texts), 1, "Wrong links must look the same")

    def test_link_ends_some_time_after_closing(self):
        case, token = self.own_case, self.own_case._get_tracking_token()
        case.stage_id = self._stage("cancelled")
        self.assertEqual(self._track(token, user=None).status_code, 200)
        case.sudo().closed_at = fields.Datetime.now() - timedelta(days=181)
        self.assertEqual(self._track(token).status_code, 404)
        self.env.company.complaint_tracking_days = 365
        self.assertEqual(self._track(token).status_code, 200)
        self.env.company.complaint_tracking_days = 0
        self.assertEqual(self._track(token).status_code, 200)

    def test_link_of_merged_case_leads_to_the_one_that_stays(self):
        case, token = self.own_case, self.own_case._get_tracking_token()
        stays = self._new_case(subject="It stays", partner_id=case.partner_id.id)
        (case | stays)._merge(stays)
        self.assertIn(stays.name, self._track(token, user=None).text)

    def test_files_of_case_merged_with_a_stranger_are_not_shown(self):
        stays = self._new_case(partner_id=self.user_b.partner_id.id)
        case = self._new_case()
        own = self.env["ir.attachment"].create(
            {
                "name": "photo.png",
                "raw": PNG,
                "res_model": case._name,
                "res_id": case.id,
                "is_customer_visible": True,
            }
        )
        self.assertIn(own, case._get_customer_files())
        cases = (case | stays).with_user(self.manager)
        cases._merge(stays.with_user(self.manager), is_other_customer_confirmed=True)
        self.assertEqual(own.res_id, stays.id)
        self.assertNotIn(own, stays.sudo()._get_customer_files())

    def test_link_of_case_merged_with_a_stranger_shows_nothing_of_theirs(self):
        case, token = self.own_case, self.own_case._get_tracking_token()
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        stays = self._new_case(subject="It stays", partner_id=stranger.id)
        cases = (case | stays).with_user(self.manager)
        cases._merge(stays.with_user(self.manager), is_other_customer_confirmed=True)
        text = self._track(token, user=None).text
        self.assertNotIn(stays.name, text)
        self.assertNotIn("It stays", text)
        self.assertIn(case.name, text)

    def test_replaced_link_is_dead(self):
        case, token = self.own_case, self.own_case._get_tracking_token()
        case.with_user(self.handler).action_renew_tracking_link()
        self.assertEqual(self._track(token, user=None).status_code, 404)
        self.assertEqual(self._track(case._get_tracking_token()).status_code, 200)
        self.assertEqual(
            case.sudo().journal_entry_ids.sorted("id")[-1].event,
            "tracking_link_renewed",
        )

    def test_token_is_stored_nowhere(self):
        digest = self.own_case._get_tracking_token().split("-")[1]
        self.env.flush_all()
        self.env.cr.execute("SELECT t::text FROM complaint_case t")
        rows = [row for (row,) in self.env.cr.fetchall()]
        self.assertTrue(rows)
        self.assertFalse([row for row in rows if digest in row])

    def test_many_wrong_tokens_are_slowed_down(self):
        self._login(None)
        for number in range(20):
            self.assertEqual(self._track(f"1-{number:040}").status_code, 404)
        self.assertEqual(self._track("1-" + "f" * 40).status_code, 429)
        token = self.own_case._get_tracking_token()
        self.assertEqual(self._track(token).status_code, 429)

    def test_decision_of_a_confidential_case_is_not_shown(self):
        case = self.own_case
        case.decision = "THE-DECISION"
        case._note_decision_told("message")
        token = case._get_tracking_token()
        self.assertIn("THE-DECISION", self._track(token, user=None).text)
        case.is_confidential = True
        self.assertNotIn("THE-DECISION", self._track(token).text)

    def test_post_is_refused(self):
        token = self.own_case._get_tracking_token()
        response = self._post(f"/complaint/track/{token}", user=None)
        self.assertEqual(response.status_code, 405)

    def test_links_of_a_batch_cost_no_query(self):
        payloads = [
            {
                "channel": "api",
                "subject": f"Case {number}",
                "partner": {"name": "N", "email": f"n{number}@x.example"},
            }
            for number in range(50)
        ]
        results = self.env["complaint.case"].intake(payloads)
        cases = self.env["complaint.case"].browse(row["id"] for row in results)
        for case, row in zip(cases, results, strict=True):
            self.assertEqual(row["tracking_url"], case._get_tracking_url())
        cases.invalidate_recordset()
        cases.sudo().mapped("tracking_nonce")
        with self.assertQueryCount(0):
            for case in cases:
                case._get_tracking_url()
        self.assertEqual(len({row["tracking_url"] for row in results}), 50)
