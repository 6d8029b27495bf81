from collections import defaultdict
from datetime import datetime, time, timedelta

import pytz
from dateutil.relativedelta import relativedelta
from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command, Domain
from odoo.tools.misc import formatLang

from ..tools.pareto import Row, pareto
from ..tools.pareto_chart import pareto_svg

OTHER = "other"


class ComplaintPareto(models.TransientModel):
    """The vital few: by what complaints are most caused, in numbers or amounts (RC-4).

    A bridge addon adds dimensions in ``_pareto_dimensions`` and measures in
    ``_pareto_measures``. Only complaints that the user may read are counted.
    """

    _name = "complaint.pareto"
    _description = "Pareto"

    dimension = fields.Selection(
        "_selection_dimension",
        "Count by",
        required=True,
        default="error_type",
    )
    measure = fields.Selection(
        "_selection_measure", "What is counted", required=True, default="cases"
    )
    date_from = fields.Date(
        "Received from",
        required=True,
        default=lambda self: (
            fields.Date.context_today(self) - relativedelta(years=1, days=-1)
        ),
    )
    date_to = fields.Date(
        "Received until", required=True, default=fields.Date.context_today
    )
    top = fields.Integer(
        "Bars",
        default=10,
        help="How many bars stand alone, 1 to 50; the rest is put together as “Other”.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    product_id = fields.Many2one("product.product", "Only this product")
    line_ids = fields.One2many(
        "complaint.pareto.line",
        "pareto_id",
        "Bars in order",
        compute="_compute_line_ids",
        # stored fields are computed as superuser otherwise, who reads every complaint
        compute_sudo=False,
        store=True,
    )
    chart = fields.Html(compute="_compute_chart", sanitize=False)
    summary = fields.Char(compute="_compute_chart")

    _top_range = models.Constraint(
        "CHECK(top BETWEEN 1 AND 50)", "Between 1 and 50 bars can be drawn."
    )

    @api.depends("dimension", "measure")
    @api.depends_context("lang")
    def _compute_display_name(self):
        dimensions, measures = self._pareto_dimensions(), self._pareto_measures()
        for wizard in self:
            wizard.display_name = self.env._(
                "Pareto: %(measure)s by %(dimension)s",
                measure=measures.get(wizard.measure, ("",))[0],
                dimension=dimensions.get(wizard.dimension, ("",))[0],
            )

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        for wizard in self:
            if wizard.date_from > wizard.date_to:
                raise ValidationError(
                    self.env._("The first day must not be after the last one.")
                )

    # -- what can be asked -----------------------------------------------------------
    @api.model
    def _pareto_dimensions(self):
        """Hook: return {code: (label, stored many2one of complaint.case)}. Instead of a
        field there can be None: then ``_pareto_cases_by_<code>()`` returns a model and
        {id of a record of it: set of ids of cases}."""
        return {
            "error_type": (self.env._("Error type"), "error_type_id"),
            "product": (self.env._("Product"), "product_id"),
            "customer": (self.env._("Customer"), "commercial_partner_id"),
            "category": (self.env._("Category"), "category_id"),
            "root_category": (self.env._("Kind of root cause"), None),
            "channel": (self.env._("Channel"), "channel_id"),
            "team": (self.env._("Team"), "team_id"),
            "segment": (self.env._("Customer segment"), "segment_id"),
        }

    @api.model
    def _pareto_measures(self):
        """Hook: return {code: (label, aggregate of complaint.case)}, in one unit for
        all cases of a company. Instead of an aggregate there can be None: then
        ``_pareto_values_of_<code>(domain)`` returns {id of a case: value}."""
        return {
            "cases": (self.env._("Complaints"), "__count"),
            "quantity": (self.env._("Quantity complained"), "quantity:sum"),
            "cost": (self.env._("Actual costs"), None),
        }

    @api.model
    def _selection_dimension(self):
        return [
            (code, label) for code, (label, __) in self._pareto_dimensions().items()
        ]

    @api.model
    def _selection_measure(self):
        return [(code, label) for code, (label, __) in self._pareto_measures().items()]

    # -- counting --------------------------------------------------------------------
    def _get_case_domain(self):
        """Return the domain of the complaints that are counted; days are the user's."""
        self.ensure_one()
        zone = pytz.timezone(self.env.user.tz or "UTC")

        def start_of(day):
            local = zone.localize(datetime.combine(day, time.min))
            return local.astimezone(pytz.utc).replace(tzinfo=None)

        domain = (
            Domain("company_id", "=", self.company_id.id)
            & Domain("received_at", ">=", start_of(self.date_from))
            & Domain("received_at", "<", start_of(self.date_to + timedelta(days=1)))
            & Domain("merged_into_id", "=", False)
        )
        if self.product_id:
            domain &= Domain("product_id", "=", self.product_id.id)
        return domain

    def _get_dimension_field(self):
        return self._pareto_dimensions()[self.dimension][1]

    def _get_cases_by_key(self):
        """Return the model of a dimension without a field, and its cases."""
        return getattr(self, f"_pareto_cases_by_{self.dimension}")()

    def _get_values(self):
        """Return {id or False: value} of the chosen dimension."""
        aggregate = self._pareto_measures()[self.measure][1]
        cases = self.env["complaint.case"].with_context(active_test=False)
        domain, name = self._get_case_domain(), self._get_dimension_field()
        if name and aggregate:
            groups = cases._read_group(domain, [name], [aggregate])
            return {record.id: value or 0 for record, value in groups}
        each = self._get_values_of_cases(cases, domain, aggregate)
        if name:
            groups = cases._read_group(domain, [name], ["id:array_agg"])
            by_key = {record.id: ids for record, ids in groups}
        else:
            __, by_key = self._get_cases_by_key()
            by_key[False] = set(each).difference(*by_key.values())
        return {
            key: sum(each.get(case_id, 0) for case_id in ids)
            for key, ids in by_key.items()
        }

    def _get_values_of_cases(self, cases, domain, aggregate):
        if not aggregate:
            return getattr(self, f"_pareto_values_of_{self.measure}")(domain)
        groups = cases._read_group(domain, ["id"], [aggregate])
        return {case.id: value or 0 for case, value in groups}

    def _pareto_values_of_cost(self, domain):
        """Return {id of a case: its confirmed costs in the company's currency}."""
        reports = self.env["complaint.cost.report"].with_company(self.company_id)
        found = defaultdict(float)
        for case, values in reports._sum_by(
            "case_id", [("case_id", "any", domain)], ["actual_value"]
        ):
            found[case.id] += values["actual_value"] or 0
        return dict(found)

    def _pareto_cases_by_root_category(self):
        """Return the cases that have root causes of a kind, themselves or in an 8D
        report that serves them and wasn't cancelled. A case with two kinds counts in
        both."""
        roots = self.env["complaint.rca.root"].search_fetch(
            [("category_id", "!=", False)], ["res_model", "res_id", "category_id"]
        )
        report_ids = {r.res_id for r in roots if r.res_model == "complaint.eightd"}
        reports = self.env["complaint.eightd"].search_fetch(
            [("id", "in", [*report_ids]), ("state", "!=", "cancelled")], ["case_id"]
        )
        cases_of = {report.id: {report.case_id.id} for report in reports}
        referring = self.env["complaint.case"].with_context(active_test=False)
        for case in referring.search_fetch(
            [("eightd_reference_id", "in", reports.ids)], ["eightd_reference_id"]
        ):
            cases_of[case.eightd_reference_id.id].add(case.id)
        found = defaultdict(set)
        for root in roots:
            if root.res_model == "complaint.case":
                found[root.category_id.id].add(root.res_id)
            elif root.res_model == "complaint.eightd":
                found[root.category_id.id] |= cases_of.get(root.res_id, set())
        return "complaint.failure.category", dict(found)

    def _get_key_domain(self, keys):
        """Return the domain of the complaints behind some values of the dimension."""
        domain, name = self._get_case_domain(), self._get_dimension_field()
        if name:
            return domain & Domain(name, "in", keys)
        __, by_key = self._get_cases_by_key()
        ids = set().union(*(by_key.get(key, ()) for key in keys))
        chosen = Domain("id", "in", [*ids])
        if False in keys:
            known = set().union(*by_key.values())
            chosen |= Domain("id", "not in", [*known])
        return domain & chosen

    def _get_labels(self, keys):
        """Return {id: name}. Names of what counts are shown to whoever counts it."""
        name = self._get_dimension_field()
        if name:
            model = self.env["complaint.case"]._fields[name].comodel_name
        else:
            model, __ = self._get_cases_by_key()
        # sudo: the name alone, of what the user's own cases point to
        records_sudo = self.env[model].sudo().browse([key for key in keys if key])
        labels = {record.id: record.display_name for record in records_sudo}
        return {False: self.env._("Not given"), **labels}

    @api.depends(
        "dimension",
        "measure",
        "date_from",
        "date_to",
        "top",
        "company_id",
        "product_id",
    )
    def _compute_line_ids(self):
        for wizard in self:
            lines = wizard._prepare_lines() if wizard._is_complete() else []
            wizard.line_ids = [
                Command.clear(),
                *(Command.create({"sequence": n, **v}) for n, v in enumerate(lines)),
            ]

    def _is_complete(self):
        return bool(
            self.dimension
            and self.measure
            and self.date_from
            and self.date_to
            and self.company_id
        )

    def _prepare_lines(self):
        values = {key: value for key, value in self._get_values().items() if value > 0}
        top = min(max(self.top, 1), 50)
        ranked = sorted(values, key=lambda key: (-values[key], key or 0))
        # one more bar says more than an "Other" that is one thing alone
        rest = ranked[top:] if len(ranked) > top + 1 else []
        shown = {key: values[key] for key in ranked if key not in set(rest)}
        if rest:
            shown[OTHER] = sum(values[key] for key in rest)
        labels = self._get_labels(set(shown) - {OTHER})
        labels[OTHER] = self.env._("Other (%s)", len(rest))
        return [
            {
                "name": labels[row.label],
                "keys": rest if row.label == OTHER else [row.label],
                "value": row.value,
                "share": row.share,
                "cumulative": row.cumulative,
                "is_vital": row.vital,
            }
            for row in pareto(shown, other=OTHER)
        ]

    # -- showing ---------------------------------------------------------------------
    @api.depends("line_ids")
    @api.depends_context("lang")
    def _compute_chart(self):
        lang = self.env["res.lang"]._get_data(code=self.env.lang or "en_US")
        for wizard in self:
            rows = [
                Row(line.name, line.value, line.share, line.cumulative, line.is_vital)
                for line in wizard.line_ids
            ]
            svg = pareto_svg(
                rows,
                rtl=lang.direction == "rtl",
                label=wizard.display_name,
                format_value=wizard._format_value,
            )
            wizard.chart = Markup(svg) if svg else False
            wizard.summary = wizard._get_summary(rows)

    def _format_value(self, value):
        digits = 0 if float(value).is_integer() else 2
        return formatLang(self.env, value, digits=digits)

    def _get_summary(self, rows):
        """Return in one sentence what the chart says."""
        vital = [row for row in rows if row.vital]
        if not vital:
            return False
        return self.env._(
            "%(count)s of %(total)s bars make %(percent)s %% of %(value)s.",
            count=len(vital),
            total=len(rows),
            percent=f"{vital[-1].cumulative:.0f}",
            value=self._format_value(sum(row.value for row in rows)),
        )

    @api.model
    def _action_start(self):
        """Open the Pareto of the last year."""
        wizard = self.create({})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Pareto"),
            "res_model": self._name,
            "res_id": wizard.id,
            "views": [(False, "form")],
            "target": "current",
        }
