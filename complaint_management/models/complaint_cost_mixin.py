from odoo import api, fields, models

# Lines that hold or may come to hold.
OPEN_STATES = ("draft", "to_approve")
TOTALS = (
    "cost_planned",
    "cost_actual",
    "cost_recovered",
    "cost_net",
    "cost_waiting",
    "cost_internal",
    "cost_external",
)
FAILURES = {"internal_failure": "cost_internal", "external_failure": "cost_external"}


class ComplaintCostMixin(models.AbstractModel):
    """What a failure costs: lines by type, planned and actual."""

    _name = "complaint.cost.mixin"
    _description = "Failure Costs"

    cost_line_ids = fields.One2many(
        "complaint.cost.line", "case_id", "Costs", copy=False
    )
    cost_currency_id = fields.Many2one(
        "res.currency", "Currency of the totals", compute="_compute_cost_currency_id"
    )
    cost_planned = fields.Monetary(
        "Planned costs",
        currency_field="cost_currency_id",
        compute="_compute_cost_totals",
    )
    cost_actual = fields.Monetary(
        "Actual costs",
        currency_field="cost_currency_id",
        compute="_compute_cost_totals",
        help="Confirmed costs in the company's currency, each at the rate of its day.",
    )
    cost_recovered = fields.Monetary(
        "Recovered",
        currency_field="cost_currency_id",
        compute="_compute_cost_totals",
        help="What suppliers, insurers or customers have paid back.",
    )
    cost_net = fields.Monetary(
        "Net cost",
        currency_field="cost_currency_id",
        compute="_compute_cost_totals",
        help="Actual costs less what was recovered.",
    )
    cost_waiting = fields.Monetary(
        "Not confirmed yet",
        currency_field="cost_currency_id",
        compute="_compute_cost_totals",
        help="Drafts and what waits for approval. It doesn't count yet.",
    )
    cost_internal = fields.Monetary(
        "Internal failure",
        currency_field="cost_currency_id",
        compute="_compute_cost_totals",
        help="The part of the net cost that arose before delivery.",
    )
    cost_external = fields.Monetary(
        "External failure",
        currency_field="cost_currency_id",
        compute="_compute_cost_totals",
        help="The part of the net cost that arose at the customer.",
    )
    has_cost_draft = fields.Boolean(compute="_compute_has_cost_draft")

    @api.depends("company_id")
    def _compute_cost_currency_id(self):
        for case in self:
            # sudo: the currency of the company of a case that the user may read
            case.cost_currency_id = case.sudo().company_id.currency_id

    # -- totals --------------------------------------------------------------------
    @api.depends(
        "cost_line_ids.company_value",
        "cost_line_ids.kind",
        "cost_line_ids.state",
        "cost_line_ids.type_id.category",
    )
    def _compute_cost_totals(self):
        """All figures of all cases with one query; while a case is edited, of the lines
        on screen."""
        totals = {case._origin.id: dict.fromkeys(TOTALS, 0.0) for case in self}
        saved = self.filtered(lambda case: isinstance(case.id, int))
        rows = saved._read_cost_groups() + (self - saved)._get_cost_rows()
        for case_id, *row in rows:
            self._add_cost(totals[case_id], *row)
        for case in self:
            case.update(totals[case._origin.id])

    def _read_cost_groups(self):
        """Return [(case id, kind, state, category, value)] of stored lines."""
        if not self.ids:
            return []
        groups = self.env["complaint.cost.line"]._read_group(
            [("case_id", "in", self.ids)],
            ["case_id", "kind", "state", "type_id.category", "company_currency_id"],
            ["company_value:sum"],
        )
        return [
            (case.id, *row, self._to_present_currency(case, currency, value))
            for case, *row, currency, value in groups
        ]

    def _get_cost_rows(self):
        """Return the same of lines that are being edited."""
        return [
            (
                case._origin.id,
                line.kind,
                line.state,
                line.type_id.category,
                self._to_present_currency(
                    case, line.company_currency_id, line.company_value
                ),
            )
            for case in self
            for line in case.cost_line_ids
        ]

    @api.model
    def _to_present_currency(self, case, currency, value):
        """A company that has changed its currency reads its totals in the new one."""
        present = case.cost_currency_id
        if not currency or currency == present:
            return value
        return currency._convert(
            value, present, case.company_id, fields.Date.context_today(self)
        )

    @api.model
    def _add_cost(self, total, kind, state, category, value):
        """Add one group of lines to the totals of its case."""
        if kind == "planned":
            total["cost_planned"] += value
            return
        signed = -value if kind == "recovered" else value
        if state in OPEN_STATES:
            total["cost_waiting"] += signed
        if state != "approved":
            return
        total["cost_actual" if kind == "actual" else "cost_recovered"] += value
        total["cost_net"] += signed
        if name := FAILURES.get(category):
            total[name] += signed

    @api.depends("cost_line_ids.state", "cost_line_ids.kind")
    def _compute_has_cost_draft(self):
        for case in self:
            case.has_cost_draft = any(
                line.state == "draft" and line.kind != "planned"
                for line in case.cost_line_ids
            )

    # -- gates, buttons --------------------------------------------------------------
    def _gate_check_costs_confirmed(self):
        """Nothing waits any more: the costs of the case are what they are."""
        # sudo: every line counts, whoever takes the step
        return not self.sudo().cost_line_ids.filtered(
            lambda line: line.kind != "planned" and line.state in OPEN_STATES
        )

    def action_submit_costs(self):
        """Confirm all drafts of the case."""
        self.ensure_one()
        self.cost_line_ids.action_submit()

    def action_open_costs(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "complaint_management.complaint_cost_line_action"
        )
        action["domain"] = [("case_id", "=", self.id)]
        action["context"] = {"default_case_id": self.id}
        return action

    # -- merge -----------------------------------------------------------------------
    def _merge_costs(self, survivor, is_same_customer):
        """Costs go where the work goes on, with the value that they had."""
        self.cost_line_ids.write({"case_id": survivor.id})
        (self | survivor).invalidate_recordset(["cost_line_ids"])
