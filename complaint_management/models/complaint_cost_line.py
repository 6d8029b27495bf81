from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command

from .complaint_cost_value_mixin import VALUE_INPUTS

COST_KINDS = [
    ("planned", "Planned"),
    ("actual", "Actual"),
    ("recovered", "Recovered"),
]
COST_BEARERS = [
    ("us", "Us"),
    ("supplier", "Supplier"),
    ("insurer", "Insurer"),
    ("customer", "Customer"),
]


class ComplaintCostLine(models.Model):
    """What one thing costs on a case: planned, actual, or got back from somebody.

    Amounts are positive; what was recovered counts against the cost. From the moment
    that a line is confirmed nothing in it changes, whoever asks: a mistake is taken
    back by a counter line (``reversed_line_id``) and entered anew.
    """

    _name = "complaint.cost.line"
    _description = "Cost"
    _inherit = [
        "complaint.hold.mixin",
        "complaint.guard.mixin",
        "complaint.case.part.mixin",
        "complaint.cost.value.mixin",
        "complaint.cost.approval.mixin",
    ]
    _hold_once_fields = ("attachment_ids",)
    _order = "date desc, id desc"
    _rec_name = "type_id"
    _check_company_auto = True
    _guarded_fields = ("entered_by_id", "reversed_line_id")
    # What was confirmed stands in these.
    _locked_fields = (
        "case_id",
        "type_id",
        "kind",
        "bearer",
        "note",
        "attachment_ids",
        *VALUE_INPUTS,
    )

    case_id = fields.Many2one(readonly=False)
    case_subject = fields.Char(related="case_id.subject", string="About")
    type_id = fields.Many2one(
        "complaint.cost.type",
        required=True,
        index=True,
        check_company=True,
        ondelete="restrict",
    )
    category = fields.Selection(related="type_id.category")
    unit_kind = fields.Selection(related="type_id.unit_kind")
    kind = fields.Selection(
        COST_KINDS,
        required=True,
        default="actual",
        help="Planned: an estimate, which may change. Actual: it arose. Recovered: "
        "somebody else paid it back, so it counts against the cost.",
    )
    bearer = fields.Selection(
        COST_BEARERS,
        "Borne by",
        required=True,
        default="us",
        help="Who has to pay in the end; for what was recovered, who paid it.",
    )
    note = fields.Char("What for")
    attachment_ids = fields.Many2many(
        "ir.attachment",
        string="Files",
        copy=False,
        help="Invoice, receipt, time sheet.",
    )
    entered_by_id = fields.Many2one(
        "res.users",
        "Entered by",
        readonly=True,
        copy=False,
        default=lambda self: self.env.user,
        help="Who wrote what stands in the line last. They don't approve it.",
    )
    reversed_line_id = fields.Many2one(
        "complaint.cost.line",
        "Takes back",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    reversal_ids = fields.One2many(
        "complaint.cost.line", "reversed_line_id", "Taken back by", readonly=True
    )
    is_reversed = fields.Boolean("Taken back", compute="_compute_is_reversed")

    _quantity_sign = models.Constraint(
        "CHECK(CASE WHEN reversed_line_id IS NULL THEN quantity > 0"
        " ELSE quantity < 0 END)",
        "The quantity must be above zero. To correct a confirmed cost, take it back "
        "and enter it anew.",
    )
    _unit_cost_positive = models.Constraint(
        "CHECK(unit_cost > 0)", "The unit cost or rate must be above zero."
    )
    _recovered_from_others = models.Constraint(
        "CHECK(kind <> 'recovered' OR bearer <> 'us')",
        "Who paid it back? Choose the supplier, the insurer or the customer.",
    )
    _reversal_unique = models.UniqueIndex(
        "(reversed_line_id) WHERE reversed_line_id IS NOT NULL",
        "This cost has been taken back already.",
    )

    @api.depends("reversal_ids")
    def _compute_is_reversed(self):
        for line in self:
            line.is_reversed = bool(line.reversal_ids)

    @api.depends("type_id", "amount", "currency_id")
    def _compute_display_name(self):
        for line in self:
            amount = line.currency_id.format(line.amount) if line.currency_id else ""
            line.display_name = f"{line.type_id.name or ''} {amount}".strip()

    # -- constraints, onchange -----------------------------------------------------
    @api.constrains("kind", "date")
    def _check_date(self):
        # A day more: it may be tomorrow already where the user is.
        latest = fields.Date.add(fields.Date.today(), days=1)
        for line in self:
            if line.kind != "planned" and line.date > latest:
                raise ValidationError(
                    self.env._(
                        "A cost of %(date)s hasn't arisen yet. Enter it as planned.",
                        date=fields.Date.to_string(line.date),
                    )
                )

    @api.constrains("amount", "company_value")
    def _check_amount(self):
        for line in self:
            if line.currency_id.is_zero(line.amount) or not line.company_value:
                raise ValidationError(
                    self.env._("This cost is less than the smallest coin.")
                )

    @api.onchange("type_id")
    def _onchange_type_id(self):
        for line in self:
            proposed = line._prepare_type_vals(line.type_id, line.case_id.company_id)
            if not line.type_id.default_rate:
                proposed.pop("unit_cost")
            line.update(proposed)

    @api.model
    def _prepare_type_vals(self, cost_type, company):
        """Return what the type proposes for a new line."""
        currency = cost_type.currency_id if cost_type.default_rate else None
        currency = currency or (company or self.env.company).currency_id
        return {"currency_id": currency.id, "unit_cost": cost_type.default_rate}

    # -- CRUD ----------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        self.check_access("create")
        if not self.env.su:
            self._refuse_guarded(
                name
                for name in self._stamped_fields
                if any(vals.get(name) for vals in vals_list)
            )
        vals_list = [self._complete_values(vals) for vals in vals_list]
        self._stamp_new(vals_list)
        lines = super().create(vals_list)
        lines._check_may_enter()
        lines._adopt_files()
        return lines

    @api.model
    def _complete_values(self, vals):
        """Fill in what a form proposes, for lines that come by other ways."""
        vals = self._add_missing_default_values(dict(vals))
        missing = [name for name in ("case_id", "type_id") if not vals.get(name)]
        if missing:
            label = self._fields[missing[0]]._description_string(self.env)
            raise ValidationError(self.env._("A cost needs: %s.", label))
        cost_type = self.env["complaint.cost.type"].browse(vals["type_id"])
        # sudo: the currency of a company that the user may enter costs for
        case = self.env["complaint.case"].browse(vals["case_id"]).sudo()
        for name, value in self._prepare_type_vals(cost_type, case.company_id).items():
            vals[name] = vals.get(name) or value
        return vals

    def _check_may_enter(self):
        """Costs are entered by who may work on the case; code with all rights has
        asked before."""
        cases = self.case_id
        # sudo: whether a case was merged holds for everybody
        if merged := cases.sudo().filtered("merged_into_id")[:1]:
            raise UserError(
                self.env._(
                    "%(case)s was merged into %(survivor)s. Enter its costs there.",
                    case=merged.name,
                    survivor=merged.merged_into_id.name,
                )
            )
        cases.check_access("write")
        cases._check_impartial()

    def write(self, vals):
        if not self.env.su:
            self._refuse_guarded(name for name in self._stamped_fields if name in vals)
            if any(
                line.case_id.id != vals.get("case_id", line.case_id.id) for line in self
            ):
                self._refuse_guarded(["case_id"])
        names = [name for name in self._locked_fields if name in vals]
        if not names:
            return super().write(vals)
        if names != ["case_id"]:
            self._check_may_enter()
        self._check_unlocked(vals, names)
        if set(names) - {"case_id", "attachment_ids"}:
            # sudo: guarded; who wrote it may not approve it
            super(ComplaintCostLine, self.sudo()).write({"entered_by_id": self.env.uid})
        result = super().write(vals)
        if counted := [name for name in VALUE_INPUTS if name in vals]:
            self._stamp_again(counted)
        self._adopt_files()
        return result

    def _write_stamp(self, vals):
        return super().write(vals)

    def _check_unlocked(self, vals, names):
        """Refuse changes of what was confirmed, also by code with all rights; only a
        merge moves lines, and files may be added."""
        for line in self.filtered(lambda line: line.state != "draft"):
            if any(line._is_locked_change(name, vals[name]) for name in names):
                raise AccessError(
                    self.env._(
                        "“%s” has been confirmed, so it doesn't change any more. Take "
                        "it back and enter it anew.",
                        line.display_name,
                    )
                )

    def _is_locked_change(self, name, value):
        self.ensure_one()
        if name == "case_id" and self.env.su:
            return False
        if name == "attachment_ids":
            return self._is_hold_link_cut(self.attachment_ids, value, True)
        field = self._fields[name]
        wanted = field.convert_to_cache(value, self, validate=False)
        return wanted != field.convert_to_cache(self[name], self, validate=False)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_decided(self):
        self._check_may_enter()
        if decided := self.filtered(lambda line: line.submitted_at)[:1]:
            raise UserError(
                self.env._(
                    "“%s” was confirmed or decided once, so it is kept. Take it back "
                    "instead.",
                    decided.display_name,
                )
            )

    def _adopt_files(self):
        """Files belong to the line, so that who reads it reads them."""
        for line in self:
            # sudo: files just uploaded in the form belong to nothing yet
            loose = line.sudo().attachment_ids.filtered(
                lambda file: not file.res_id and file.create_uid == self.env.user
            )
            if loose:
                loose.write({"res_model": self._name, "res_id": line.id})

    # -- buttons -------------------------------------------------------------------
    def action_book_actual(self):
        """What was planned has happened: the plan stays beside it."""
        for line in self:
            if line.kind != "planned":
                raise UserError(
                    self.env._("“%s” isn't a plan any more.", line.display_name)
                )
        today = fields.Date.context_today(self)
        return self.create(
            [vals | {"kind": "actual", "date": today} for vals in self.copy_data()]
        )

    def action_reverse(self):
        """Take back confirmed costs: a counter line of the same value each."""
        self.case_id._check_may_work()
        for line in self:
            if line.state != "approved" or line.reversed_line_id or line.is_reversed:
                raise UserError(
                    self.env._(
                        "“%s” can't be taken back: only a confirmed cost, once.",
                        line.display_name,
                    )
                )
        # sudo: stamped and guarded values, those of the lines themselves; the right to
        # work on the case was checked just before
        counter = self.sudo().create([line._prepare_reversal_vals() for line in self])
        return counter.with_env(self.env)._submit()

    def _prepare_reversal_vals(self):
        """Return a line that undoes this one to the last digit, at its own rate."""
        self.ensure_one()
        [vals] = self.copy_data()
        return {
            **vals,
            "quantity": -self.quantity,
            "amount": -self.amount,
            "company_currency_id": self.company_currency_id.id,
            "conversion_rate": self.conversion_rate,
            "company_value": -self.company_value,
            "reversed_line_id": self.id,
            "entered_by_id": self.env.uid,
            "attachment_ids": [Command.clear()],
        }
