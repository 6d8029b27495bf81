import logging
from datetime import datetime, time

import pytz
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, format_date

from ..tools.scores import ppm_points, weighted_score

_logger = logging.getLogger(__name__)

FIGURES = {
    "partner_id",
    "company_id",
    "period_start",
    "delivered_lines",
    "on_time_lines",
    "on_time_rate",
    "due_lines",
    "in_full_lines",
    "in_full_rate",
    "received_qty",
    "rejected_qty",
    "ppm",
    "score",
    "grade",
    "line_ids",
}


class SupplierScorecard(models.Model):
    """How one supplier delivered in one month.

    Rates are NULL in the database where there was nothing to measure, so that averages
    of pivot and graph leave them out: no data is "not rated" and never 100.
    """

    _name = "supplier.scorecard"
    _description = "Supplier Scorecard"
    _inherit = ["supplier.scorecard.sql.mixin", "complaint.journal.mixin"]
    _order = "period_start desc, score, id"
    _rec_names_search = ["partner_id"]
    _journal_fields = ("state",)

    partner_id = fields.Many2one(
        "res.partner", "Supplier", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    period_start = fields.Date("Month", required=True, readonly=True)
    period_text = fields.Char("Month shown", compute="_compute_period_text")
    state = fields.Selection(
        [("draft", "Provisional"), ("final", "Final")],
        required=True,
        readonly=True,
        default="draft",
    )
    computed_at = fields.Datetime("Computed at", readonly=True)
    delivered_lines = fields.Integer("Deliveries", readonly=True)
    on_time_lines = fields.Integer("On time", readonly=True)
    on_time_rate = fields.Float("On time (%)", readonly=True, aggregator="avg")
    due_lines = fields.Integer("Order lines promised", readonly=True)
    in_full_lines = fields.Integer("In full and on time", readonly=True)
    in_full_rate = fields.Float(
        "In full and on time (%)", readonly=True, aggregator="avg"
    )
    received_qty = fields.Float("Received", readonly=True, digits="Product Unit")
    rejected_qty = fields.Float("Returned", readonly=True, digits="Product Unit")
    ppm = fields.Float(
        "Returned ppm",
        readonly=True,
        digits=(16, 0),
        aggregator="avg",
        help="Returned parts per million received.",
    )
    score = fields.Float(readonly=True, digits=(5, 1), aggregator="avg")
    grade = fields.Char(readonly=True, help="Empty: not rated.")
    grade_text = fields.Char("Grade shown", compute="_compute_grade_text")
    is_rated = fields.Boolean(compute="_compute_grade_text")
    line_ids = fields.One2many(
        "supplier.scorecard.line", "scorecard_id", "Evidence", readonly=True
    )
    line_count = fields.Integer(compute="_compute_line_count")

    _period_unique = models.Constraint(
        "UNIQUE(partner_id, company_id, period_start)",
        "A supplier has one scorecard a month.",
    )
    _month_idx = models.Index("(company_id, period_start)")
    _period_is_month = models.Constraint(
        "CHECK(EXTRACT(DAY FROM period_start) = 1)",
        "A scorecard starts on the first day of a month.",
    )

    # -- computed fields -----------------------------------------------------------
    @api.depends("grade")
    def _compute_grade_text(self):
        for card in self:
            card.is_rated = bool(card.grade)
            card.grade_text = card.grade or self.env._("Not rated")

    @api.depends("line_ids")
    def _compute_line_count(self):
        lines = self.env["supplier.scorecard.line"]
        domain = [("scorecard_id", "in", self.ids)]
        counts = dict(lines._read_group(domain, ["scorecard_id"], ["__count"]))
        for card in self:
            card.line_count = counts.get(card, 0)

    @api.depends("period_start")
    def _compute_period_text(self):
        for card in self:
            card.period_text = format_date(
                self.env, card.period_start, date_format="LLLL yyyy"
            )

    @api.depends("partner_id", "period_start")
    def _compute_display_name(self):
        for card in self:
            card.display_name = f"{card.partner_id.name}, {card.period_text}"

    # -- CRUD ----------------------------------------------------------------------
    def write(self, vals):
        if FIGURES & vals.keys():
            self._check_not_final()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_final(self):
        self._check_not_final()

    def _check_not_final(self):
        for card in self.filtered(lambda card: card.state == "final"):
            raise UserError(
                self.env._(
                    "The scorecard “%s” is final. A manager can open it again, with "
                    "a reason.",
                    card.display_name,
                )
            )

    # -- computation ---------------------------------------------------------------
    @api.model
    def _get_month(self, company, moment=None):
        """Return the first day of the month of a moment (naive UTC, default now)."""
        tz = pytz.timezone(company._get_scorecard_tz())
        local = pytz.utc.localize(moment or fields.Datetime.now()).astimezone(tz)
        return local.date().replace(day=1)

    @api.model
    def _prepare_period(self, company, month):
        """Return the limits of a month of a company as naive UTC moments."""
        name = company._get_scorecard_tz()
        tz = pytz.timezone(name)

        def to_utc(day):
            local = tz.localize(datetime.combine(day, time.min))
            return local.astimezone(pytz.utc).replace(tzinfo=None)

        return {
            "company_id": company.id,
            "month": month,
            "start": to_utc(month),
            "end": to_utc(month + relativedelta(months=1)),
            "now": fields.Datetime.now(),
            "tz": name,
            "uid": self.env.uid,
        }

    @api.model
    def _compute_month(self, company, month):
        """Compute the draft cards of all suppliers of a company and month.

        Can be repeated at will: the same facts give the same cards.

        :param date month: first day of the month
        """
        if month.day != 1:
            raise ValueError(f"{month} isn't the first day of a month.")
        self.env.flush_all()
        period = self._prepare_period(company, month)
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM supplier_scorecard_line WHERE scorecard_id IN (
                    SELECT id FROM supplier_scorecard
                     WHERE company_id = %s AND period_start = %s AND state = 'draft'
                )
                """,
                company.id,
                month,
            )
        )
        self.env.cr.execute(self._get_compute_query(period))
        self._grade_month(company, month)
        self.env.invalidate_all(flush=False)

    @api.model
    def _grade_month(self, company, month):
        """Give score and grade to the draft cards of a month."""
        bands = self.env["supplier.scorecard.band"]._get_bands(company)
        margin = company.scorecard_grade_margin
        earlier = self._select_month(company, month - relativedelta(months=1))
        before = {row["partner_id"]: row["grade"] for row in earlier}
        rows = [
            row for row in self._select_month(company, month) if row["state"] == "draft"
        ]
        for row in rows:
            row["score"] = self._get_score(
                company, row["on_time_rate"], row["in_full_rate"], row["ppm"]
            )
            previous = before.get(row["partner_id"])
            row["grade"] = bands and bands.grade(row["score"], previous, margin)
        self.env.cr.execute(
            SQL(
                """
                UPDATE supplier_scorecard card SET score = new.score, grade = new.grade
                  FROM unnest(%s::int[], %s::numeric[], %s::varchar[])
                       AS new(id, score, grade)
                 WHERE card.id = new.id
                """,
                *([row[name] for row in rows] for name in ("id", "score", "grade")),
            )
        )

    @api.model
    def _select_month(self, company, month):
        """Return the cards of a month as dictionaries, NULL as None."""
        self.env.cr.execute(
            SQL(
                """
                SELECT id, partner_id, state, on_time_rate, in_full_rate, ppm, grade
                  FROM supplier_scorecard
                 WHERE company_id = %s AND period_start = %s
                """,
                company.id,
                month,
            )
        )
        return self.env.cr.dictfetchall()

    @api.model
    def _get_score(self, company, on_time_rate, in_full_rate, ppm):
        """Hook: return 0-100, or None where nothing could be measured."""
        ppm = None if ppm is None else float(ppm)
        points = ppm_points(ppm, company.scorecard_ppm_limit)
        return weighted_score(
            [
                (on_time_rate, company.scorecard_on_time_weight),
                (in_full_rate, company.scorecard_in_full_weight),
                (points, company.scorecard_ppm_weight),
            ]
        )

    @api.model
    def _get_latest_grades(self, partners):
        """Return {partner id: grade} of the latest rated month of this company."""
        cards = self.search(
            [
                ("partner_id", "in", partners.ids),
                ("company_id", "=", self.env.company.id),
                ("grade", "!=", False),
            ],
            order="period_start",
        )
        return {card.partner_id.id: card.grade for card in cards}

    @api.model
    def _cron_compute_last_month(self):
        """Compute last month of every company; a bad one doesn't stop the rest."""
        companies = self.env["res.company"].search([])
        for done, company in enumerate(companies, start=1):
            month = self._get_month(company) - relativedelta(months=1)
            try:
                with self.env.cr.savepoint():
                    self._compute_month(company, month)
            except Exception:
                _logger.exception("Scorecards of company %s failed", company.id)
            self.env["ir.cron"]._commit_progress(1, remaining=len(companies) - done)

    # -- buttons -------------------------------------------------------------------
    def action_finalize(self):
        """Freeze provisional cards of months that are over."""
        self._check_group("supplier_quality.supplier_quality_group_user")
        drafts = self.filtered(lambda card: card.state == "draft")
        for card in drafts:
            if card.period_start >= self._get_month(card.company_id):
                raise UserError(
                    self.env._(
                        "“%s” isn't over yet, so its scorecard can't be final.",
                        card.display_name,
                    )
                )
        # sudo: nobody has the right to write cards; the group was checked above
        drafts.sudo().write({"state": "final"})

    def _reopen(self, reason):
        """Make a final card provisional again; the reason stays in the journal."""
        self._check_group("complaint_management.complaint_group_manager")
        if not (reason or "").strip():
            raise UserError(self.env._("Say why the scorecard is opened again."))
        final = self.filtered(lambda card: card.state == "final")
        # sudo: see action_finalize
        final.sudo().write({"state": "draft"})
        final._journal_log("reopened", note=reason)

    def _check_group(self, group):
        self.check_access("read")
        if not self.env.user.has_group(group):
            raise AccessError(
                self.env._("You are not allowed to change supplier scorecards.")
            )

    def action_open_reopen(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "supplier_quality.supplier_scorecard_reopen_action"
        )
        return {**action, "context": {"default_scorecard_ids": self.ids}}

    def action_open_lines(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "supplier_quality.supplier_scorecard_line_action"
        )
        action["domain"] = [("scorecard_id", "=", self.id)]
        return action
