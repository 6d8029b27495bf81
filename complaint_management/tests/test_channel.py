from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import ComplaintCommon

# The codes of the intake contract.
CODES = (
    "phone email web_form mobile_app facebook instagram x whatsapp telegram live_chat "
    "sms fax letter in_person portal api"
)


@tagged("post_install", "-at_install")
class TestChannel(ComplaintCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.phone = cls.env.ref("complaint_management.complaint_channel_phone")
        cls.sms = cls.env.ref("complaint_management.complaint_channel_sms")
        cls.desk = cls.env["complaint.team"].create({"name": "Phone desk"})
        cls.phone.team_id = cls.desk

    def _payload(self, **values):
        return {
            "channel": "phone",
            "subject": "Cold oven",
            "partner": {"name": "Leyla"},
            **values,
        }

    def test_every_code_of_the_contract_comes_with_the_addon(self):
        channels = self.env["complaint.channel"].search([("company_id", "=", False)])
        found = {channel.code: channel for channel in channels}
        self.assertEqual(set(CODES.split()) - set(found), set())
        for code in CODES.split():
            channel = found[code]
            self.assertTrue(channel.icon and channel.kind, code)

    def test_case_goes_to_the_team_of_its_channel(self):
        vals = {"subject": "x", "channel_id": self.phone.id, "partner_name": "Leyla"}
        cases = self.env["complaint.case"].with_user(self.manager)
        case, named, other = cases.create(
            [
                vals,
                {**vals, "team_id": self.team.id},
                {**vals, "channel_id": self.sms.id},
            ]
        )
        self.assertEqual(case.team_id, self.desk)
        self.assertEqual(named.team_id, self.team)
        self.assertNotEqual(other.team_id, self.desk)

    def test_intake_goes_to_the_team_of_its_channel(self):
        results = self.env["complaint.case"].intake(
            [self._payload(), self._payload(channel="sms")]
        )
        cases = self.env["complaint.case"].browse([item["id"] for item in results])
        self.assertEqual(cases[0].team_id, self.desk)
        self.assertNotEqual(cases[1].team_id, self.desk)

    def test_each_company_has_its_own_team_for_a_channel(self):
        company = self.env["res.company"].create({"name": "Plant Türkiye"})
        team = self.env["complaint.team"].create(
            {"name": "Bursa", "company_id": company.id}
        )
        self.phone.with_company(company).team_id = team
        vals = {"subject": "x", "channel_id": self.phone.id, "partner_name": "Leyla"}
        here, there = self.env["complaint.case"].create(
            [vals, {**vals, "company_id": company.id}]
        )
        self.assertEqual((here.team_id, there.team_id), (self.desk, team))

    def test_archived_team_takes_no_cases(self):
        self.desk.active = False
        vals = {"subject": "x", "channel_id": self.phone.id, "partner_name": "Leyla"}
        self.assertNotEqual(self.env["complaint.case"].create(vals).team_id, self.desk)

    def test_icon_that_is_none_is_refused(self):
        self.sms.icon = "fa-envelope-open-o"
        for icon in ('fa-x" onclick="x', "phone", "fa-x fa-y"):
            with self.assertRaises(ValidationError, msg=icon):
                self.sms.icon = icon

    def test_channel_without_acknowledgement_sends_none(self):
        self.phone.can_acknowledge = False
        self.assertEqual(
            self._new_case(channel_id=self.phone.id).acknowledge_state, "none"
        )
        self.assertEqual(
            self._new_case(channel_id=self.sms.id).acknowledge_state, "queued"
        )
