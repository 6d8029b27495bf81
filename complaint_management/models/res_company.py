from odoo import api, fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    complaint_nc_origin_id = fields.Many2one(
        "mgmtsystem.nonconformity.origin", "Nonconformity origin"
    )
    complaint_nc_severity_id = fields.Many2one(
        "mgmtsystem.nonconformity.severity", "Nonconformity severity"
    )
    complaint_nc_responsible_id = fields.Many2one(
        "res.users", "Nonconformity responsible"
    )
    complaint_nc_manager_id = fields.Many2one("res.users", "Nonconformity manager")
    complaint_eightd_preset_id = fields.Many2one(
        "complaint.eightd.preset", "8D deadlines"
    )
    complaint_eightd_min_score = fields.Integer(
        "8D quality score",
        default=80,
        help="The score, 0 to 100, that an 8D report needs before its last discipline "
        "is submitted. A manager can let a report pass with a reason.",
    )

    complaint_monitoring_days = fields.Integer(
        "Days of monitoring",
        default=30,
        help="How long a solved complaint is watched. When the same problem comes "
        "back in this time, its actions count as not effective.",
    )

    complaint_action_verify_all = fields.Boolean(
        "Verify all required actions",
        help="Required actions count as finished only when somebody else than their "
        "owner has verified that they were implemented. Otherwise those do for which "
        "a verifier is named.",
    )
    complaint_action_remind_before = fields.Integer(
        "Days before",
        default=7,
        help="How many days before its deadline the owner of an action is reminded. "
        "0: on the day itself.",
    )
    complaint_action_remind_every = fields.Integer(
        "Every so many days after",
        default=7,
        help="The owner is reminded on the day after the deadline, then again after so "
        "many days each time, together with who answers for the complaint. 0: once "
        "only.",
    )

    complaint_legal_threshold = fields.Integer(
        "Threshold of a legal risk",
        default=10,
        help="A case is a legal risk when the weights of the different legal terms "
        "that its customer wrote add up to this.",
    )

    complaint_cost_limit = fields.Monetary(
        "Costs without approval",
        currency_field="currency_id",
        default=1000.0,
        help="Up to this sum a case may cost something without a second person; what "
        "goes beyond it a manager approves. 0: every cost is approved.",
    )

    _complaint_cost_limit_positive = models.Constraint(
        "CHECK(complaint_cost_limit >= 0)", "The limit of costs can't be negative."
    )
    _complaint_legal_threshold_positive = models.Constraint(
        "CHECK(complaint_legal_threshold > 0)",
        "The threshold of a legal risk is 1 or more.",
    )
    _complaint_action_remind_positive = models.Constraint(
        "CHECK(complaint_action_remind_before >= 0"
        " AND complaint_action_remind_every >= 0)",
        "A number of days can't be negative.",
    )
    _complaint_eightd_min_score_range = models.Constraint(
        "CHECK(complaint_eightd_min_score BETWEEN 0 AND 100)",
        "The score of an 8D report lies between 0 and 100.",
    )
    _complaint_monitoring_days_positive = models.Constraint(
        "CHECK(complaint_monitoring_days >= 0)", "A number of days can't be negative."
    )

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        companies._complaint_prepare_number_ranges()
        return companies

    def _complaint_prepare_number_ranges(self):
        """Prepare the number ranges of last, this and next year."""
        year = fields.Date.today().year
        for model in self._complaint_get_numbered_models():
            self.env[model]._prepare_number_ranges(self, (year - 1, year, year + 1))

    @api.model
    def _complaint_get_numbered_models(self):
        """Return the models that draw numbers per company and year."""
        return ["complaint.case", "complaint.eightd"]
