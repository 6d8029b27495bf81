from odoo import api, fields, models


class ComplaintCostTotalMixin(models.AbstractModel):
    """What the complaints about a record have cost. In a tree a record counts for what
    stands below it too.

    ``_cost_dimension`` names the field of ``complaint.cost.report`` that leads to the
    record.
    """

    _name = "complaint.cost.total.mixin"
    _description = "Total of Costs"
    _cost_dimension = None

    complaint_cost_currency_id = fields.Many2one(
        "res.currency",
        "Currency of the complaint costs",
        compute="_compute_complaint_cost_currency_id",
    )
    complaint_cost_net = fields.Monetary(
        "Net cost of complaints",
        currency_field="complaint_cost_currency_id",
        compute="_compute_complaint_cost_net",
        help="Confirmed costs of the complaints that you may see, less what was "
        "recovered; in the currency of your company.",
    )

    @api.depends_context("company")
    def _compute_complaint_cost_currency_id(self):
        self.complaint_cost_currency_id = self.env.company.currency_id

    @api.depends_context("uid", "company", "allowed_company_ids")
    def _compute_complaint_cost_net(self):
        name = self._cost_dimension
        is_tree = self._parent_store
        totals = dict.fromkeys(self._ids, 0.0)
        domain = [(name, "child_of" if is_tree else "in", self.ids)]
        reports = self.env["complaint.cost.report"]
        rows = reports._sum_by(name, domain, ["net_value"]) if self.ids else []
        for record, values in rows:
            path = record.parent_path.split("/") if is_tree else [record.id]
            for target in path:
                if target and int(target) in totals:
                    totals[int(target)] += values["net_value"]
        for record in self:
            record.complaint_cost_net = totals[record._ids[0]]
