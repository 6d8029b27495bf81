from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    complaint_nc_origin_id = fields.Many2one(
        related="company_id.complaint_nc_origin_id", readonly=False
    )
    complaint_nc_severity_id = fields.Many2one(
        related="company_id.complaint_nc_severity_id", readonly=False
    )
    complaint_nc_responsible_id = fields.Many2one(
        related="company_id.complaint_nc_responsible_id", readonly=False
    )
    complaint_nc_manager_id = fields.Many2one(
        related="company_id.complaint_nc_manager_id", readonly=False
    )
    complaint_eightd_preset_id = fields.Many2one(
        related="company_id.complaint_eightd_preset_id", readonly=False
    )
    complaint_eightd_min_score = fields.Integer(
        related="company_id.complaint_eightd_min_score", readonly=False
    )
    complaint_monitoring_days = fields.Integer(
        related="company_id.complaint_monitoring_days", readonly=False
    )
    complaint_action_verify_all = fields.Boolean(
        related="company_id.complaint_action_verify_all", readonly=False
    )
    complaint_action_remind_before = fields.Integer(
        related="company_id.complaint_action_remind_before", readonly=False
    )
    complaint_action_remind_every = fields.Integer(
        related="company_id.complaint_action_remind_every", readonly=False
    )
    complaint_legal_threshold = fields.Integer(
        related="company_id.complaint_legal_threshold", readonly=False
    )
    complaint_cost_limit = fields.Monetary(
        related="company_id.complaint_cost_limit",
        currency_field="company_currency_id",
        readonly=False,
    )
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company currency"
    )
