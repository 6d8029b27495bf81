from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .eightd_common import EightdCommon


@tagged("post_install", "-at_install")
class TestEightdStays(EightdCommon):
    """A report stays what it is and where it belongs (ED-1, ED-2)."""

    def test_report_stays_with_its_complaint(self):
        other = self._new_case()
        report = self.report.with_user(self.investigator)
        with self.assertRaisesRegex(UserError, "stays with its complaint"):
            report.case_id = other
        messages = report.load(
            [".id", "case_id/.id"], [[str(report.id), str(other.id)]]
        )["messages"]
        self.assertIn("stays with its complaint", messages[0]["message"])
        self.assertEqual(self.report.case_id, self.case)
        report.write({"case_id": self.case.id, "subject": "Lid melts at 95 °C"})
        self.assertEqual(self.report.subject, "Lid melts at 95 °C")

    def test_merge_still_takes_the_report_along(self):
        survivor = self._new_case()
        self.case.with_user(self.manager)._merge(survivor)
        self.assertEqual(self.report.case_id, survivor)

    def test_what_stands_in_an_ended_report_stays(self):
        report = self.report.with_user(self.investigator)
        report.with_user(self.manager).override_reason = "Small claim"
        report.action_cancel()
        for vals in (
            {"subject": "Other"},
            {"started_at": "2020-01-01"},
            {"preset_id": False},
            {"leader_id": self.member.id},
            {"champion_id": self.member.id},
            {"root_cause": "Other"},
            {"override_reason": "Other"},
        ):
            with self.assertRaisesRegex(UserError, "has ended"):
                report.write(vals)
        self.assertEqual(report.subject, "Lid melts")

    def test_cancelled_complaint_gets_no_report(self):
        case = self._new_case()
        case.stage_id = self._stage("cancelled")
        with self.assertRaisesRegex(UserError, "has ended"):
            self._new_report(case_id=case.id)

    def test_deadlines_are_those_of_the_company_of_the_complaint(self):
        second = self.env["res.company"].create({"name": "Second"})
        self.investigator.company_ids |= second
        presets = self.env["complaint.eightd.preset"].create(
            [
                {
                    "name": company.name,
                    "company_id": company.id,
                    "line_ids": [Command.create({"discipline": "d8", "target": 24})],
                }
                for company in (self.env.company, second)
            ]
        )
        for preset in presets:
            preset.company_id.complaint_eightd_preset_id = preset
        case = self.env["complaint.case"].create(
            {"subject": "Kettle", "company_id": second.id, "team_id": False}
        )
        reports = (
            self.env["complaint.eightd"]
            .with_user(self.investigator)
            .with_context(allowed_company_ids=(self.env.company | second).ids)
        )
        report = reports.create({"case_id": case.id, "subject": "Kettle"})
        self.assertEqual(report.preset_id, presets[1])
        of_case = reports.with_context(default_case_id=case.id)
        self.assertEqual(of_case.default_get(["preset_id"])["preset_id"], presets[1].id)
        with self.assertRaises(UserError):
            report.preset_id = presets[0]

    def test_whom_the_complaint_is_about_sends_nothing_back(self):
        self._work_through(self.report, "d1")
        self.case.subject_user_ids = self.member
        step = self._step(self.report, "d1").with_user(self.member)
        step.comment = "I see that differently."
        with self.assertRaisesRegex(AccessError, "about you"):
            step.action_reject()
        self.assertEqual(step.state, "accepted")

    def test_login_of_a_customer_is_neither_in_the_team_nor_owner(self):
        def put_in_team(report, user):
            report.team_ids.create({"eightd_id": report.id, "user_id": user.id})

        def put_at_head(report, user):
            report.leader_id = user

        def put_among_members(report, user):
            report.member_ids = [Command.link(user.id)]

        def make_owner(report, user):
            self._step(report, "d6").owner_id = user

        for put in (put_in_team, put_at_head, put_among_members, make_owner):
            portal = new_test_user(
                self.env, f"stays_{put.__name__}", groups="base.group_portal"
            )
            report = self._new_report()
            with (
                self.subTest(put.__name__),
                self.assertRaisesRegex(ValidationError, "isn't a colleague"),
            ):
                put(report, portal)

    def test_causes_hang_on_what_is_searched_for_causes(self):
        for model in ("complaint.rca.why", "complaint.rca.isnot"):
            with self.assertRaisesRegex(ValidationError, "res.partner"):
                self.env[model].with_user(self.investigator).create(
                    {
                        "res_model": "res.partner",
                        "res_id": self.customer.id,
                        **({"answer": "x"} if model.endswith("why") else {}),
                    }
                )

    # -- the quality gate --------------------------------------------------------------
    def _quality(self, report=None):
        report = report or self.report
        report.invalidate_recordset()
        return report._prepare_quality()

    def test_empty_lines_and_blanks_count_for_nothing(self):
        score = self.report.quality_score
        self.report.with_user(self.investigator).action_start_isnot()
        self._step(self.report, "d3").not_needed_reason = "  "
        self._step(self.report, "d6").validation = " \n "
        self._step(self.report, "d7").not_needed_reason = " "
        quality = self._quality()
        for name in ("is_isnot", "containment", "validation", "prevention"):
            self.assertFalse(quality[name], name)
        self.assertEqual(self.report.quality_score, score)
        self.report.is_isnot_ids[0].present = "Lids of lot 12"
        self.assertTrue(self._quality()["is_isnot"])
        self.assertGreater(self.report.quality_score, score)

    def test_disciplines_of_nobody_arent_those_of_one_person(self):
        report = self._new_report(leader_id=False)
        self.assertFalse(report.step_ids.owner_id)
        self.assertEqual(self._quality(report)["owners"], [])
        self.assertNotIn("Share them out", str(report.quality_findings))

    # -- the customer's version --------------------------------------------------------
    def _html(self, record, name):
        reports = self.env["ir.actions.report"].with_user(self.investigator)
        html, __ = reports._render_qweb_html(f"complaint_management.{name}", record.ids)
        return html.decode()

    def test_links_and_words_of_pictures_name_no_other_customer(self):
        company = self.env["res.partner"].create(
            {"name": "Beta Fabrikası MMC", "email": "info@betafab.example"}
        )
        other = self._new_case(partner_id=company.id)
        merged = self._new_case(
            partner_id=self.env["res.partner"].create({"name": "Gamma Zavodu"}).id
        )
        self._work_through(self.report, "d1")
        self._step(self.report, "d2").content = (
            '<p>12 of 200 <a href="mailto:info%40betafab.example" '
            'title="Beta Fabrikası">write</a> '
            '<a href="https://betafab.example/12">page</a>'
            '<img src="/web/image/1" alt="Beta Fabrikası"/> Gamma Zavodu has 3</p>'
        )
        step = self._step(self.report, "d2").with_user(self.investigator)
        step.action_submit()
        self._sign(self.report, "d2")
        self._provide(self.report, "d3")
        self._provide(self.report, "d4")
        for code in ("d3", "d4"):
            self._hand_in(self.report, code)
            self._sign(self.report, code)
        other.with_user(self.manager).write(
            {
                "eightd_reference_id": self.report.id,
                "eightd_reference_reason": "Same lot",
            }
        )
        merged.with_user(self.manager)._merge(
            self.case, is_other_customer_confirmed=True
        )
        html = self._html(self.report, "report_eightd_customer")
        self.assertIn("12 of 200", html)
        for secret in ("betafab", "Beta", "Gamma", "Zavodu"):
            self.assertNotIn(secret, html)
        # the customer of that other complaint reads their own address
        self.assertIn("12 of 200", self._html(other, "report_case_eightd"))

    def test_who_represents_a_customer_is_named_to_them_only(self):
        other = self._new_case(
            partner_id=self.env["res.partner"].create({"name": "Beta"}).id
        )
        self.report.team_ids.create(
            {
                "eightd_id": self.report.id,
                "name": "Rövşən Abbasov",
                "role": "customer",
                "function": "Quality at the customer's",
            }
        )
        self._work_through(self.report, "d4")
        other.with_user(self.manager).write(
            {
                "eightd_reference_id": self.report.id,
                "eightd_reference_reason": "Same lot",
            }
        )
        own = self._html(self.report, "report_eightd_customer")
        self.assertIn("Rövşən Abbasov", own)
        self.assertIn("Rövşən Abbasov", self._html(self.report, "report_eightd"))
        theirs = self._html(other, "report_case_eightd")
        self.assertIn("Investigator", theirs)
        self.assertNotIn("Rövşən", theirs)
        self.assertNotIn("Quality at the customer", theirs)
