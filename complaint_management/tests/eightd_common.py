from datetime import timedelta

from odoo import fields

from .common import ComplaintCommon

CODES = [f"d{number}" for number in range(9)]
CELLS = (
    "occurrence_technical",
    "occurrence_systemic",
    "detection_technical",
    "detection_systemic",
)


class EightdCommon(ComplaintCommon):
    """A report with a leader, a member and a reviewer, and what each discipline asks
    for."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.member = cls._new_user("investigator", "member")
        cls.reviewer = cls._new_user("investigator", "reviewer")
        cls.team.member_ids |= cls.member | cls.reviewer
        cls.case = cls._new_case(lesson="Measure the melt index of each lot.")
        cls.report = cls._new_report()

    @classmethod
    def _new_report(cls, **values):
        return (
            cls.env["complaint.eightd"]
            .with_user(cls.investigator)
            .create(
                {
                    "case_id": cls.case.id,
                    "subject": "Lid melts",
                    "leader_id": cls.investigator.id,
                    **values,
                }
            )
        )

    @staticmethod
    def _step(report, code):
        return report.step_ids.filtered(lambda step: step.discipline == code)

    @classmethod
    def _hand_in(cls, report, *codes, user=None):
        for code in codes:
            step = cls._step(report, code).with_user(user or cls.investigator)
            step.content = f"<p>12 of 200: result of {code}</p>"
            step.action_submit()

    @classmethod
    def _sign(cls, report, *codes, user=None):
        for code in codes:
            cls._step(report, code).with_user(user or cls.reviewer).action_accept()

    @classmethod
    def _send_back(cls, report, code, comment="Say more.", user=None):
        step = cls._step(report, code).with_user(user or cls.reviewer)
        step.comment = comment
        step.action_reject()

    @classmethod
    def _work_through(cls, report, last="d8"):
        """Hand in and sign off all disciplines up to one, with what they ask for."""
        for code in CODES[: CODES.index(last) + 1]:
            cls._provide(report, code)
            cls._hand_in(report, code)
            cls._sign(report, code)

    @classmethod
    def _provide(cls, report, code):
        """Put in what a discipline asks for."""
        provide = getattr(cls, f"_provide_{code}", None)
        if provide:
            provide(report.with_user(cls.investigator))

    @classmethod
    def _provide_d1(cls, report):
        cls.env["complaint.eightd.member"].with_user(cls.investigator).create(
            {"eightd_id": report.id, "user_id": cls.member.id, "role": "expert"}
        )
        cls._step(report, "d3").owner_id = cls.member

    @classmethod
    def _provide_d3(cls, report):
        report.containment_ids.create(
            {
                "eightd_id": report.id,
                "place": "warehouse",
                "quantity": 500,
                "quantity_checked": 200,
                "quantity_defective": 12,
                "action": "Blocked and sorted",
                "responsible_id": cls.member.id,
            }
        )

    @classmethod
    def _provide_d4(cls, report):
        report.root_cause_ids.create(
            [
                {
                    "res_model": report._name,
                    "res_id": report.id,
                    "name": f"Cause {cell}",
                    "cell": cell,
                    "contribution": 25,
                }
                for cell in CELLS
            ]
        )

    @classmethod
    def _provide_d5(cls, report):
        for cause in report.root_cause_ids:
            cls._new_action(
                report,
                name=f"Sensor against {cause.name}",
                complaint_root_id=cause.id,
                complaint_step_id=cls._step(report, "d5").id,
            )

    @classmethod
    def _new_action(cls, report, **values):
        today = fields.Date.context_today(report)
        return (
            cls.env["mgmtsystem.action"]
            .with_user(cls.investigator)
            .create(
                {
                    "name": "Sensor on the press",
                    "type_action": "correction",
                    "complaint_eightd_id": report.id,
                    "user_id": cls.member.id,
                    "date_deadline": today + timedelta(days=14),
                    "effectiveness_criterion": "No melted lid in 3 months",
                    "effectiveness_check_date": today + timedelta(days=30),
                    "effectiveness_checker_id": cls.reviewer.id,
                    **values,
                }
            )
        )

    @classmethod
    def _provide_d6(cls, report):
        cls._step(report, "d6").validation = "300 lids at 95 °C, none melted"

    @classmethod
    def _provide_d7(cls, report):
        cls._new_action(report, name="Same sensor on press 2", type_action="prevention")

    @classmethod
    def _provide_d8(cls, report):
        cls._finish_actions(report.action_ids)

    @classmethod
    def _finish_actions(cls, actions):
        """The owner does it, somebody else finds that it works."""
        for action in actions:
            action.with_user(action.user_id).stage_id = cls.env.ref(
                "mgmtsystem_action.stage_close"
            )
            action.with_user(cls.reviewer).write(
                {
                    "effectiveness_result": "effective",
                    "effectiveness_note": "200 lids tested, none melted",
                }
            )
