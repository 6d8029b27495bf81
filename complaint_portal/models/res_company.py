from odoo import fields, models

from odoo.addons.complaint_management.tools import intake_payload


class ResCompany(models.Model):
    _inherit = "res.company"

    complaint_tracking_days = fields.Integer(
        "Tracking link valid",
        default=180,
        help="Days after closing for which a tracking link still works. 0: for ever.",
    )
    complaint_upload_max_mb = fields.Integer(
        "Largest file", default=20, help="Megabytes that one uploaded file may have."
    )
    complaint_upload_max_files = fields.Integer(
        "Files at once", default=10, help="Files that may be sent at once."
    )
    complaint_form_hourly_limit = fields.Integer(
        "Complaints per hour",
        default=20,
        help="Complaints that one network address may send in an hour.",
    )

    _complaint_tracking_days_positive = models.Constraint(
        "CHECK(complaint_tracking_days >= 0)",
        "The days of a tracking link can't be negative.",
    )
    _complaint_upload_limits = models.Constraint(
        "CHECK(complaint_upload_max_mb BETWEEN 1 AND "
        f"{intake_payload.MAX_ATTACHMENT_BYTES // 1024**2} "
        "AND complaint_upload_max_files BETWEEN 1 AND "
        f"{intake_payload.MAX_ATTACHMENTS})",
        "Choose 1 to 25 MB for a file, and 1 to 20 files at once.",
    )
    _complaint_form_limit_positive = models.Constraint(
        "CHECK(complaint_form_hourly_limit > 0)",
        "At least one complaint per hour must be possible.",
    )
