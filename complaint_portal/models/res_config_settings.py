from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    complaint_tracking_days = fields.Integer(
        related="company_id.complaint_tracking_days", readonly=False
    )
    complaint_upload_max_mb = fields.Integer(
        related="company_id.complaint_upload_max_mb", readonly=False
    )
    complaint_upload_max_files = fields.Integer(
        related="company_id.complaint_upload_max_files", readonly=False
    )
    complaint_form_hourly_limit = fields.Integer(
        related="company_id.complaint_form_hourly_limit", readonly=False
    )
