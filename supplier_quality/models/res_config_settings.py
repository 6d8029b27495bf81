from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    scar_short_days = fields.Integer(
        related="company_id.scar_short_days", readonly=False
    )
    scar_eightd_days = fields.Integer(
        related="company_id.scar_eightd_days", readonly=False
    )
    scorecard_on_time_weight = fields.Float(
        related="company_id.scorecard_on_time_weight", readonly=False
    )
    scorecard_in_full_weight = fields.Float(
        related="company_id.scorecard_in_full_weight", readonly=False
    )
    scorecard_ppm_weight = fields.Float(
        related="company_id.scorecard_ppm_weight", readonly=False
    )
    scorecard_ppm_limit = fields.Float(
        related="company_id.scorecard_ppm_limit", readonly=False
    )
    scorecard_grade_margin = fields.Float(
        related="company_id.scorecard_grade_margin", readonly=False
    )
