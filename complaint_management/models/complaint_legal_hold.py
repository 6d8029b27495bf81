from odoo import api, fields, models, tools
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL

from ..tools.class_names import collect_names
from .complaint_legal_hold_case import HOLD_SENTINEL


class ComplaintLegalHold(models.Model):
    """Keeps complaints, and all that belongs to them, as they are.

    It stands from the moment it is saved. What it says never changes; more complaints
    can be added. One person of the legal department asks for its release with a reason,
    another one confirms. A complaint under several holds is free when the last ends.
    """

    _name = "complaint.legal.hold"
    _description = "Legal Hold"
    _inherit = [
        "complaint.guard.mixin",
        "complaint.hold.scope.mixin",
        "complaint.hold.release.mixin",
        "complaint.journal.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "state, placed_at desc, id desc"
    _check_company_auto = True
    _guarded_fields = ("placed_by_id", "placed_at")
    _journal_fields = ("name", "reason")
    _fixed_fields = ("name", "reason", "company_id", "placed_by_id", "placed_at")

    name = fields.Char(
        "Matter",
        required=True,
        help="Who sees a held complaint reads it: court and number, not the tactics.",
    )
    reason = fields.Text(
        required=True, help="Why nothing may change. Legal and managers read it."
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    placed_by_id = fields.Many2one(
        "res.users",
        "Placed by",
        required=True,
        readonly=True,
        copy=False,
        ondelete="restrict",
        default=lambda self: self.env.user,
    )
    placed_at = fields.Datetime(
        "Since", required=True, readonly=True, copy=False, default=fields.Datetime.now
    )
    case_ids = fields.Many2many(
        "complaint.case",
        string="Complaints",
        compute="_compute_case_ids",
        inverse="_inverse_case_ids",
        help="Complaints can be added as long as the hold stands.",
    )
    line_ids = fields.One2many(
        "complaint.legal.hold.case", "hold_id", "Complaints held", readonly=True
    )
    case_count = fields.Integer("Number of complaints", compute="_compute_case_ids")

    # -- computed fields -----------------------------------------------------------
    @api.depends("line_ids")
    def _compute_case_ids(self):
        for hold in self:
            hold.case_ids = hold.line_ids.case_id
            hold.case_count = len(hold.line_ids)

    def _inverse_case_ids(self):
        for hold in self:
            wanted, present = hold.case_ids, hold.line_ids.case_id
            if present - wanted:
                raise UserError(
                    self.env._(
                        "A complaint doesn't leave a legal hold by itself: ask for the "
                        "release of the hold."
                    )
                )
            hold._hold_cases(wanted - present)

    def _check_covers_something(self):
        for hold in self:
            if not (hold.has_scope or hold.case_ids):
                raise ValidationError(
                    self.env._(
                        "“%s” covers nothing: choose complaints, or say of which "
                        "customer, product, lot or period.",
                        hold.name,
                    )
                )

    # -- CRUD ----------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        self._check_legal()
        holds = super().create(vals_list)
        holds._check_covers_something()
        for hold in holds.filtered("has_scope"):
            hold._hold_cases(hold._search_scope())
        self.env.registry.clear_cache("stable")
        return holds

    def write(self, vals):
        for hold in self:
            changed = [
                name
                for name in collect_names(type(self), "_fixed_fields")
                if name in vals
                and hold[name]
                != hold._fields[name].convert_to_record(
                    hold._fields[name].convert_to_cache(vals[name], hold), hold
                )
            ]
            if changed:
                raise AccessError(
                    self.env._(
                        "What the legal hold “%s” says never changes. Place another "
                        "one, and have this one released.",
                        hold.name,
                    )
                )
        if "case_ids" in vals:
            self._check_legal()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ever(self):
        raise AccessError(
            self.env._("A legal hold is never deleted, only released by two people.")
        )

    # -- holding -------------------------------------------------------------------
    def _hold_cases(self, cases):
        """Put cases under this hold, now."""
        self.ensure_one()
        if self.state == "released":
            raise UserError(
                self.env._("“%s” was released. Place a new hold.", self.name)
            )
        # sudo: the right to hold belongs to the legal department or, for cases that
        # come later, to the hold itself; every case of its company can be held
        cases = cases.sudo() - self.sudo().line_ids.case_id
        if not cases:
            return
        if cases.company_id - self.company_id:
            raise UserError(
                self.env._("A legal hold covers complaints of its own company.")
            )
        if not self._is_any_active():
            self.env.registry.clear_cache("stable")
        now = fields.Datetime.now()
        self.env["complaint.legal.hold.case"].sudo()._add(
            HOLD_SENTINEL,
            [
                {
                    "hold_id": self.id,
                    "case_id": case.id,
                    "held_at": now,
                    "held_by_id": self.env.uid,
                }
                for case in cases
            ],
        )
        self.invalidate_recordset(["case_ids", "case_count", "line_ids"])
        self._mark_cases(cases)
        cases._journal_log("held", note=self.name)

    @api.model
    def _mark_cases(self, cases):
        """Write into the cases whether a hold stands: past the ORM, which refuses it
        for everybody. The row of the case changes, so that whoever changes it in the
        same moment has to begin again and finds the hold."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE complaint_case SET is_on_hold = EXISTS ("
                " SELECT FROM complaint_legal_hold_case"
                " WHERE case_id = complaint_case.id AND freed_at IS NULL)"
                " WHERE id = ANY(%s)",
                cases.ids,
            )
        )
        cases.invalidate_recordset(["is_on_hold", "hold_notice", "hold_line_ids"])

    @api.model
    @tools.ormcache(cache="stable")
    def _is_any_active(self):
        # sudo: whether anything is held at all; what is, the cases tell
        lines = self.env["complaint.legal.hold.case"].sudo()
        return bool(lines.search_count([("freed_at", "=", False)], limit=1))

    def action_open_cases(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "complaint_management.complaint_case_action"
        )
        domain = [("id", "in", self.line_ids.case_id.ids)]
        return {**action, "domain": domain, "context": {"active_test": False}}
