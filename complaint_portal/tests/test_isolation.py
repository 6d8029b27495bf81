from odoo.tests import tagged

from .common import PNG, PortalCommon

NOWHERE = 2_000_000_000
CASE_GETS = ("/my/complaints/{id}",)
CASE_POSTS = ("/my/complaints/{id}/message",)
SCAR_GETS = ("/my/scars/{id}",)
SCAR_POSTS = ("/my/scars/{id}/acknowledge", "/my/scars/{id}/answer")


@tagged("post_install", "-at_install")
class TestIsolation(PortalCommon):
    """Every route, as every kind of visitor, on own and foreign records."""

    def _everybody(self):
        return {
            "a": self.user_a,
            "colleague": self.colleague,
            "boss": self.boss,
            "b": self.user_b,
            "supplier": self.supplier_user,
            "other supplier": self.other_supplier_user,
            "handler": self.handler,
            "manager": self.manager,
        }

    def _digest(self, record):
        tables = (
            "complaint_case",
            "supplier_scar",
            "supplier_scar_answer",
            "mail_message",
            "ir_attachment",
        )
        return self._fingerprint(tables)

    def test_case_pages_open_for_own_customer_and_allowed_colleague_only(self):
        for name, user in self._everybody().items():
            for path in CASE_GETS:
                response = self._get(path.format(id=self.own_case.id), user)
                with self.subTest(name, path=path):
                    if name in ("a", "boss"):
                        self.assertEqual(response.status_code, 200)
                        self.assertIn(self.own_case.name, response.text)
                    else:
                        self._assert_refused(response)

    def test_scar_pages_open_for_own_supplier_only(self):
        for name, user in self._everybody().items():
            for path in SCAR_GETS:
                response = self._get(path.format(id=self.scar.id), user)
                with self.subTest(name, path=path):
                    if name == "supplier":
                        self.assertEqual(response.status_code, 200)
                        self.assertIn(self.scar.name, response.text)
                    else:
                        self._assert_refused(response)

    def test_foreign_and_missing_records_get_the_same_answer(self):
        self._login(self.user_a)
        for path, foreign in (
            *((path, self.other_case) for path in CASE_GETS),
            *((path, self.scar) for path in SCAR_GETS),
        ):
            theirs = self._get(path.format(id=foreign.id))
            for missing in (0, NOWHERE, 10**30):
                nothing = self._get(path.format(id=missing))
                with self.subTest(path=path, id=missing):
                    self._assert_refused(nothing)
                    self.assertEqual(theirs.status_code, nothing.status_code)
                    self.assertEqual(theirs.text, nothing.text)
                    self.assertEqual(
                        theirs.headers["Location"], nothing.headers["Location"]
                    )

    def test_posts_to_foreign_and_missing_records_change_nothing(self):
        data = {"message": "hello", "root_cause": "mine", "action": "submit"}
        posts = [(path, self.own_case) for path in CASE_POSTS]
        posts += [(path, self.scar) for path in SCAR_POSTS]
        for name, user in self._everybody().items():
            for path, record in posts:
                owners = ("a", "boss") if record == self.own_case else ("supplier",)
                if name in owners:
                    continue
                before = self._digest(record)
                theirs = self._post(
                    path.format(id=record.id), data, [("a.png", PNG)], user
                )
                nothing = self._post(path.format(id=NOWHERE), data, [("a.png", PNG)])
                with self.subTest(name, path=path):
                    self._assert_refused(theirs)
                    self.assertEqual(theirs.text, nothing.text)
                    self.assertEqual(before, self._digest(record))

    def test_public_visitor_is_sent_to_login_everywhere(self):
        paths = ["/my/complaints", "/my/complaints/new", "/my/scars"]
        paths += [path.format(id=self.own_case.id) for path in CASE_GETS]
        paths += [path.format(id=self.scar.id) for path in SCAR_GETS]
        for path in paths:
            self._assert_to_login(self._get(path, None), path)
        before = self._digest(self.own_case)
        for path, record in (
            *((path, self.own_case) for path in CASE_POSTS),
            *((path, self.scar) for path in SCAR_POSTS),
        ):
            self._assert_to_login(self._post(path.format(id=record.id), user=None))
        self.assertEqual(before, self._digest(self.own_case))

    def test_posts_without_csrf_token_are_refused(self):
        posts = [
            (self.user_a, f"/my/complaints/{self.own_case.id}/message"),
            (self.user_a, "/my/complaints/new"),
            (self.supplier_user, f"/my/scars/{self.scar.id}/acknowledge"),
            (self.supplier_user, f"/my/scars/{self.scar.id}/answer"),
            (None, "/complaint/new"),
        ]
        data = {**self._form(), "message": "hello", "root_cause": "x"}
        for user, path in posts:
            before = self._digest(self.own_case)
            with self.assertLogs("odoo.http", "WARNING"):
                response = self._post(path, data, user=user, csrf=False)
            self.assertEqual(response.status_code, 400, path)
            self.assertEqual(before, self._digest(self.own_case), path)

    def test_lists_show_own_records_only(self):
        expected = {
            "a": self.own_case,
            "boss": self.own_case,
            "b": self.other_case,
        }
        cases = self.own_case | self.other_case | self.case
        scars = self.scar | self.other_scar
        for name, user in self._everybody().items():
            page = self._get("/my/complaints", user).text
            shown = cases.filtered(lambda case, page=page: case.name in page)
            self.assertEqual(shown, expected.get(name, cases.browse()), name)
            page = self._get("/my/scars").text
            shown = scars.filtered(lambda scar, page=page: scar.name in page)
            mine = {"supplier": self.scar, "other supplier": self.other_scar}
            self.assertEqual(shown, mine.get(name, scars.browse()), name)

    def test_company_access_excludes_confidential_and_anonymous_cases(self):
        for flag in ("is_confidential", "is_anonymous"):
            case = self._new_case(**{flag: True})
            self._assert_refused(self._get(f"/my/complaints/{case.id}", self.boss))
            response = self._get(f"/my/complaints/{case.id}", self.user_a)
            self.assertEqual(response.status_code, 200, flag)

    def test_archived_case_is_hidden(self):
        self.own_case.stage_id = self._stage("cancelled")
        self.own_case.active = False
        self._assert_refused(
            self._get(f"/my/complaints/{self.own_case.id}", self.user_a)
        )

    def test_draft_and_cancelled_requests_are_hidden_from_their_supplier(self):
        draft = self._new_scar()
        cancelled = self._new_scar()
        cancelled.action_cancel()
        for scar in draft | cancelled:
            self._assert_refused(self._get(f"/my/scars/{scar.id}", self.supplier_user))

    def test_counters_count_own_records_only(self):
        counters = ["complaint_count", "scar_count", "scar_waiting_count"]
        expected = {
            "a": (1, 0, 0),
            "colleague": (0, 0, 0),
            "boss": (1, 0, 0),
            "supplier": (0, 1, 1),
        }
        for name, numbers in expected.items():
            self._login(self._everybody()[name])
            result = self.make_jsonrpc_request("/my/counters", {"counters": counters})
            self.assertEqual(tuple(result[key] for key in counters), numbers, name)

    def test_get_changes_nothing(self):
        self._answer(self.own_case, self.handler)
        token = self.own_case._get_tracking_token()
        gets = {
            self.user_a: [
                "/my/home",
                "/my/complaints?search=oven&sortby=name&filterby=open",
                "/my/complaints/new",
                f"/my/complaints/{self.own_case.id}",
                f"/mail/view?model=complaint.case&res_id={self.own_case.id}",
            ],
            self.supplier_user: ["/my/scars", f"/my/scars/{self.scar.id}"],
            None: [
                "/complaint/new",
                "/complaint/thanks",
                f"/complaint/track/{token}",
                "/complaint/track/1-" + "0" * 40,
            ],
        }
        tables = [
            model._table
            for name, model in self.env.items()
            if name.startswith(("complaint.", "supplier.", "mail.", "ir.attachment"))
            and model._auto
            and not model._abstract
            and model._table_query is None
        ]
        for user, paths in gets.items():
            self._login(user)
            before = self._fingerprint(tables)
            for path in paths:
                for method in ("GET", "HEAD"):
                    self.url_open(path, method=method)
            self.assertEqual(before, self._fingerprint(tables))
