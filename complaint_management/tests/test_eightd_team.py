"""The team of an 8D report: roles, access, and who can't go (ED-1)."""

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .eightd_common import EightdCommon


@tagged("post_install", "-at_install")
class TestEightdTeam(EightdCommon):
    def _line(self, user, report=None):
        report = report or self.report
        return report.team_ids.filtered(lambda member: member.user_id == user)

    def _roles(self):
        return {m.user_id: m.role for m in self.report.team_ids if m.user_id}

    def test_leader_and_champion_stand_in_the_team(self):
        self.report.champion_id = self.manager
        self.assertEqual(
            self._roles(),
            {self.investigator: "leader", self.manager: "champion"},
        )
        self.assertEqual(self.report.member_ids, self.investigator | self.manager)

    def test_new_leader_the_old_one_becomes_member(self):
        self.report.leader_id = self.member
        self.assertEqual(
            self._roles(), {self.investigator: "member", self.member: "leader"}
        )
        self._line(self.investigator).role = "leader"
        self.assertEqual(self.report.leader_id, self.investigator)
        self.assertEqual(self._line(self.member).role, "member")
        self.report.leader_id = False
        self.assertEqual(self._line(self.investigator).role, "member")

    def test_member_ids_written_makes_and_takes_lines(self):
        self.report.champion_id = self.manager
        self.report.member_ids = [Command.set([self.member.id])]
        self.assertEqual(
            set(self._roles()), {self.investigator, self.manager, self.member}
        )
        self.assertEqual(
            self.report.member_ids, self.investigator | self.manager | self.member
        )
        self.report.member_ids = [Command.unlink(self.member.id)]
        self.assertFalse(self._line(self.member))
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(self.report.member_ids, self.investigator | self.manager)

    def test_report_made_with_members_leader_and_champion(self):
        report = self._new_report(
            champion_id=self.manager.id,
            member_ids=[Command.set([self.member.id, self.investigator.id])],
        )
        self.assertEqual(len(report.team_ids), 3)
        self.assertEqual(
            report.member_ids, self.investigator | self.manager | self.member
        )

    def test_member_with_open_action_stays_by_every_route(self):
        self._provide_d1(self.report)
        action = self._new_action(self.report)
        line = self._line(self.member)
        for env in (self.env(user=self.manager), self.env(su=True)):
            report, own = self.report.with_env(env), line.with_env(env)
            for call in (
                own.unlink,
                lambda o=own: o.write({"user_id": self.reviewer.id}),
                lambda r=report: r.write(
                    {"member_ids": [Command.unlink(self.member.id)]}
                ),
                lambda r=report: r.write({"member_ids": [Command.clear()]}),
                lambda r=report: r.write({"team_ids": [Command.delete(line.id)]}),
            ):
                with self.assertRaises(UserError) as refusal:
                    call()
                self.assertIn(action.name, str(refusal.exception))
        result = self.report.load(
            [".id", "member_ids/.id"],
            [[str(self.report.id), str(self.investigator.id)]],
        )
        self.assertFalse(result["ids"])
        self.assertIn(self.member, self.report.member_ids)
        action.user_id = self.manager
        line.unlink()
        self.assertNotIn(self.member, self.report.member_ids)

    def test_leader_goes_when_there_is_another_one(self):
        with self.assertRaises(UserError):
            self._line(self.investigator).unlink()
        self.report.leader_id = self.member
        self._line(self.investigator).unlink()
        self.assertEqual(self.report.member_ids, self.member)

    def test_champion_who_goes_is_no_champion(self):
        self.report.champion_id = self.manager
        self._line(self.manager).unlink()
        self.assertFalse(self.report.champion_id)

    def test_person_without_login_is_named_and_leads_nothing(self):
        lines = self.env["complaint.eightd.member"].with_user(self.investigator)
        line = lines.create({"eightd_id": self.report.id, "name": "Rəşad, toolmaker"})
        self.assertEqual(len(self.report.team_ids), 2)
        with self.assertRaises(UserError):
            line.role = "leader"

    def test_member_of_another_team_reads_the_case_outsider_doesnt(self):
        outsider = self._new_user("investigator", "far_away")
        for record in (self.case, self.report, self.report.team_ids):
            self.assertFalse(record.with_user(outsider)._filtered_access("read"))
        self.assertFalse(
            self.env["complaint.eightd.member"]
            .with_user(outsider)
            .search([("eightd_id", "=", self.report.id)])
        )
        self.env["complaint.eightd.member"].create(
            {"eightd_id": self.report.id, "user_id": outsider.id}
        )
        for record in (self.case, self.report, self.report.team_ids):
            self.assertTrue(record.with_user(outsider)._filtered_access("read"))

    def test_confidential_team_containment_and_rounds_are_hidden(self):
        self._provide_d3(self.report)
        self._hand_in(self.report, "d0")
        self.case.is_confidential = True
        for records in (
            self.report.sudo().team_ids,
            self.report.sudo().containment_ids,
            self.report.sudo().review_ids,
        ):
            self.assertTrue(records)
            hidden = records.with_user(self.manager)
            with self.assertRaises(AccessError):
                hidden.read(["eightd_id"])
            self.assertFalse(hidden.search([("id", "in", records.ids)]))

    def test_line_never_moves_to_another_report(self):
        other = self._new_report()
        with self.assertRaises(UserError):
            self._line(self.investigator).eightd_id = other

    def test_changes_stand_in_the_journal(self):
        self._provide_d1(self.report)
        self._line(self.member).unlink()
        entries = self.report.with_user(self.auditor).journal_entry_ids.sorted("id")
        notes = entries.filtered(lambda e: e.event == "team_changed").mapped("note")
        self.assertEqual(notes[-2:], ["Joined: Member", "Left the team: Member"])

    def test_upgrade_gives_the_people_of_old_reports_their_role(self):
        self.report.write(
            {
                "champion_id": self.manager.id,
                "member_ids": [Command.link(self.member.id)],
            }
        )
        self.env.flush_all()
        self.env.cr.execute(
            "DELETE FROM complaint_eightd_member WHERE eightd_id = %s",
            [self.report.id],
        )
        self.env.invalidate_all()
        self.env["complaint.eightd"]._adopt_team()
        roles = {
            self.investigator: "leader",
            self.manager: "champion",
            self.member: "member",
        }
        self.assertEqual(self._roles(), roles)
        self.env["complaint.eightd"]._adopt_team()
        self.assertEqual(len(self.report.team_ids), 3)
        self.assertEqual(len(self.report.member_ids), 3)
