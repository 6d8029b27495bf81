from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import ComplaintCommon


@tagged("post_install", "-at_install")
class TestGuard(ComplaintCommon):
    """Readonly fields of a view are readonly by every route."""

    def test_case_system_fields_by_write_refused(self):
        case = self._new_case().with_user(self.manager)
        values = {
            "name": "CMP/2000/00001",
            "responded_at": "2026-01-01",
            "resolved_at": "2026-01-01",
            "acknowledge_state": "sent",
            "phase": "closed",
            "is_open": False,
            "sla_status": "met",
            "sla_deadline": "2030-01-01",
            "nonconformity_ids": [(5,)],
        }
        for name, value in values.items():
            with self.subTest(name), self.assertRaises(AccessError):
                case.write({name: value})

    def test_case_system_fields_by_create_or_import_refused(self):
        cases = self.env["complaint.case"].with_user(self.manager)
        with self.assertRaises(AccessError):
            cases.create({"subject": "x", "responded_at": "2026-01-01"})
        result = cases.load(
            ["subject", "acknowledged_at"], [["x", "2026-01-01 10:00:00"]]
        )
        self.assertFalse(result["ids"])

    def test_step_state_by_write_refused_by_button_works(self):
        report = (
            self.env["complaint.eightd"]
            .with_user(self.investigator)
            .create({"case_id": self._new_case().id, "subject": "Oven"})
        )
        step = report.step_ids[0]
        for vals in (
            {"state": "accepted"},
            {"signed_by_id": self.manager.id},
            {"round": 0},
        ):
            with self.assertRaises(AccessError):
                step.write(vals)
        with self.assertRaises(AccessError):
            report.write({"state": "done"})
        step.content = "<p>Line stopped</p>"
        step.action_submit()
        self.assertEqual(step.state, "submitted")

    def test_step_button_by_handler_refused(self):
        report = self.env["complaint.eightd"].create(
            {"case_id": self._new_case().id, "subject": "Oven"}
        )
        step = report.step_ids[0]
        step.content = "<p>Line stopped</p>"
        with self.assertRaises(AccessError):
            step.with_user(self.handler).action_submit()
        with self.assertRaises(AccessError):
            report.with_user(self.handler).action_cancel()

    def test_failure_source_by_write_refused(self):
        failure = self.env["complaint.intake.failure"].create(
            {"kind": "quarantine", "reason": "error", "subject": "?", "digest": "abc"}
        )
        as_handler = failure.with_user(self.handler)
        as_handler.action_ignore()
        self.assertEqual(failure.state, "ignored")
        with self.assertRaises(AccessError):
            as_handler.write({"raw": b"eA=="})

    def test_unlink_of_eightd_refused(self):
        report = self.env["complaint.eightd"].create(
            {"case_id": self._new_case().id, "subject": "Oven"}
        )
        with self.assertRaises(AccessError):
            report.with_user(self.manager).unlink()
