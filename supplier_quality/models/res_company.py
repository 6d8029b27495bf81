from odoo import api, fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    scar_short_days = fields.Integer("Days for a short answer", default=3)
    scar_eightd_days = fields.Integer("Days for a full 8D", default=10)
    scorecard_on_time_weight = fields.Float("Weight of on time", default=40)
    scorecard_in_full_weight = fields.Float("Weight of in full", default=20)
    scorecard_ppm_weight = fields.Float("Weight of ppm", default=40)
    scorecard_ppm_limit = fields.Float(
        "0 points from",
        default=10000,
        help="Returned parts per million from which on a supplier gets 0 points.",
    )
    scorecard_grade_margin = fields.Float(
        "Margin between grades",
        default=2,
        help="Points by which a score must leave a band before the grade changes.",
    )

    _scar_days_positive = models.Constraint(
        "CHECK(scar_short_days > 0 AND scar_eightd_days > 0)",
        "A supplier needs at least one day to answer.",
    )
    _scorecard_weights_positive = models.Constraint(
        "CHECK(scorecard_on_time_weight >= 0 AND scorecard_in_full_weight >= 0 "
        "AND scorecard_ppm_weight >= 0 AND scorecard_ppm_limit > 0 "
        "AND scorecard_grade_margin >= 0)",
        "Weights and margin of scorecards can't be negative, the limit is above 0.",
    )

    def _get_scar_days(self, answer_kind):
        """Return the working days that a supplier has for this kind of answer."""
        self.ensure_one()
        return (
            self.scar_eightd_days if answer_kind == "eightd" else self.scar_short_days
        )

    def _get_scorecard_tz(self):
        """Return the time zone in which days and months of deliveries count."""
        self.ensure_one()
        return self.resource_calendar_id.tz or self.partner_id.tz or "UTC"

    @api.model
    def _complaint_get_numbered_models(self):
        return [*super()._complaint_get_numbered_models(), "supplier.scar"]
