from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL, formatLang

from ..tools.poisson_rate import compare
from .complaint_moment import format_day

DAY = timedelta(days=1)
MONTH_DAYS = 30
DAYS_BEFORE = 6 * MONTH_DAYS
DAYS_AFTER = 12 * MONTH_DAYS
COLOURS = {"down": "success", "up": "danger"}


class ComplaintActionCompareMixin(models.AbstractModel):
    """Complaints of the same kind before and after an action was implemented.

    Every case of the company counts, also those that the reader may not see: a figure
    that differs from reader to reader proves nothing. Only numbers come out of it.
    """

    _name = "complaint.action.compare.mixin"
    _description = "Complaints before and after an Action"

    complaint_effect = fields.Html(
        "Complaints before and after",
        compute="_compute_complaint_effect",
        sanitize=False,
        help="Complaints about the same product with the same error type, received "
        "before and after the action was implemented; cancelled and merged ones don't "
        "count.",
    )

    @api.depends("complaint_case_id", "date_closed", "stage_id")
    @api.depends_context("lang")
    def _compute_complaint_effect(self):
        figures = self._get_effect_figures()
        for action in self:
            action.complaint_effect = action._render_effect(figures.get(action.id))

    # -- counting -------------------------------------------------------------
    def _get_effect_figures(self):
        """Return {id: {since, at, until, months, before, after, comparison}} of the
        actions for which something can be counted; as many queries for one as for many.

        ``months`` is [(index, count)], -1 is the month that ends with the
        implementation, 0 the one that begins with it; a month has 30 days.
        """
        lines = {}
        firsts = self._get_first_receipts()
        for action in self.filtered("complaint_case_id"):
            if line := action._prepare_effect_line(firsts):
                lines[action.id] = line
        days = self._count_effect_days(lines)
        return {
            id_: self._sum_effect_days(line, days.get(id_, {}))
            for id_, line in lines.items()
        }

    def _get_first_receipts(self):
        """Return {company id: when its first complaint was received}: before that
        nothing could be counted."""
        # sudo: only a date
        company_ids = self.sudo().complaint_case_id.company_id.ids
        if not company_ids:
            return {}
        self.env["complaint.case"].flush_model(["company_id", "received_at"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT company_id, first.received_at
                  FROM unnest(%s) AS company_id, LATERAL (
                       SELECT received_at FROM complaint_case
                        WHERE complaint_case.company_id = company_id.company_id
                     ORDER BY received_at LIMIT 1) AS first
                """,
                company_ids,
            )
        )
        return dict(rows)

    def _prepare_effect_line(self, firsts):
        """Return what is counted for this action and in which time, or None."""
        # sudo: see the class
        case = self.complaint_case_id.sudo()
        at = self._get_implemented_at()
        first = firsts.get(case.company_id.id)
        if not (at and first and (case.product_id or case.error_type_id)):
            return None
        now = fields.Datetime.now()
        return {
            "company_id": case.company_id.id,
            "product_id": case.product_id.id or None,
            "error_type_id": case.error_type_id.id or None,
            "since": min(max(at - timedelta(days=DAYS_BEFORE), first), at),
            "at": at,
            "until": max(min(at + timedelta(days=DAYS_AFTER), now), at),
        }

    def _get_implemented_at(self):
        """Hook: return since when this action could have an effect, or False."""
        # sudo: stages are configuration
        stage = self.stage_id.sudo()
        return stage.is_ending and not stage.is_cancelled and self.date_closed

    @api.model
    def _count_effect_days(self, lines):
        """Return {id: {day: count}}, day 0 begins with the implementation. One query a
        kind of comparison (product and error type, or one of them)."""
        self.env["complaint.case"].flush_model()
        found = {}
        kinds = {}
        for id_, line in lines.items():
            names = [n for n in ("product_id", "error_type_id") if line[n]]
            kinds.setdefault(tuple(names), []).append((id_, line))
        for names, ours in kinds.items():
            for id_, day, count in self.env.execute_query(
                self._get_effect_query(names, ours)
            ):
                found.setdefault(id_, {})[day] = count
        return found

    @api.model
    def _get_effect_query(self, names, lines):
        columns = ("company_id", "product_id", "error_type_id", "since", "at", "until")
        return SQL(
            """
            SELECT line.id, floor(extract(epoch FROM c.received_at - line.at) / 86400),
                   count(*)
              FROM unnest(%s::int[], %s::int[], %s::int[], %s::int[],
                          %s::timestamp[], %s::timestamp[], %s::timestamp[])
                   AS line(id, company_id, product_id, error_type_id,
                           since, at, until)
              JOIN complaint_case c ON c.company_id = line.company_id
               AND c.received_at >= line.since AND c.received_at < line.until
               AND %s
             WHERE c.phase != 'cancelled' AND c.merged_into_id IS NULL
          GROUP BY 1, 2
            """,
            [id_ for id_, __ in lines],
            *([line[name] for __, line in lines] for name in columns),
            SQL(" AND ").join(
                SQL("c.%(name)s = line.%(name)s", name=SQL.identifier(name))
                for name in names
            ),
        )

    @api.model
    def _sum_effect_days(self, line, days):
        times = line["at"] - line["since"], line["until"] - line["at"]
        spans = [time.days for time in times]
        # rounded away from the implementation: a month that has only begun is shown
        edges = [-(-days // MONTH_DAYS) for days in spans]
        months = dict.fromkeys(range(-edges[0], edges[1]), 0)
        for day, count in days.items():
            month = int(day) // MONTH_DAYS
            months[month] = months.get(month, 0) + count
        before = sum(count for day, count in days.items() if day < 0)
        after = sum(days.values()) - before
        return {
            **line,
            "months": sorted(months.items()),
            "before": before,
            "after": after,
            "days_before": spans[0],
            "days_after": spans[1],
            # Counted in parts of days too: a day and a half isn't one day.
            "comparison": compare(before, times[0] / DAY, after, times[1] / DAY)
            if all(spans)
            else None,
        }

    # -- in words -------------------------------------------------------------
    def _render_effect(self, figures):
        """Return what the form shows, in the language of the user."""
        # sudo: whoever owns an action needn't see the case; no word of it is shown
        case = self.complaint_case_id.sudo()
        if not case:
            return False
        if not (case.product_id or case.error_type_id):
            text = self.env._(
                "The complaint names neither a product nor an error type, so "
                "complaints of the same kind can't be counted."
            )
        elif not figures:
            text = self.env._("Shown once the action is implemented.")
        elif not figures["comparison"]:
            text = self.env._("It is too early to compare: less than a day has passed.")
        else:
            return self.env["ir.qweb"]._render(
                "complaint_management.action_effect",
                self._prepare_effect_values(figures),
            )
        return self.env["ir.qweb"]._render(
            "complaint_management.action_effect_none", {"text": text}
        )

    def _prepare_effect_values(self, figures):
        top = max(count for __, count in figures["months"]) or 1
        bars = [
            {
                "label": self._describe_effect_month(figures["at"], index),
                "count": count,
                "height": round(100 * count / top),
                "is_after": index >= 0,
            }
            for index, count in figures["months"]
        ]
        verdict = figures["comparison"].verdict
        return {
            "bars": bars,
            "counted": self._describe_effect_kind(),
            "counts": self._describe_effect_counts(figures),
            "verdict": self._describe_effect_verdict(figures["comparison"]),
            "ratio": self._describe_effect_ratio(figures["comparison"]),
            "colour": COLOURS.get(verdict, "body"),
        }

    def _describe_effect_month(self, at, index):
        """Return the day on which a month begins, without its year."""
        day = format_day(self.env, at + timedelta(days=index * MONTH_DAYS))
        return day.rsplit(" ", 1)[0]

    def _describe_effect_kind(self):
        # sudo: names of configuration only
        case = self.complaint_case_id.sudo()
        product, error = case.product_id.display_name, case.error_type_id.display_name
        if product and error:
            return self.env._(
                "Complaints about %(product)s with the error type %(error)s.",
                product=product,
                error=error,
            )
        if product:
            return self.env._(
                "Complaints about %s; the error type isn't known.", product
            )
        return self.env._(
            "Complaints with the error type %s; the product isn't known.", error
        )

    def _describe_effect_counts(self, figures):
        return self.env._(
            "Received in the %(days_before)s days before it was implemented: "
            "%(before)s; in the %(days_after)s days after: %(after)s.",
            **{
                name: figures[name]
                for name in ("days_before", "before", "days_after", "after")
            },
        )

    def _describe_effect_verdict(self, comparison):
        verdict = comparison.verdict
        chance = comparison.p_up if verdict == "up" else comparison.p_down
        p = formatLang(self.env, chance, digits=3)
        if verdict == "too_few":
            return self.env._("Too few to say whether it worked.")
        if verdict == "down":
            return self.env._("Fewer, and hardly by chance (p = %s).", p)
        if verdict == "up":
            return self.env._("More than before, and hardly by chance (p = %s).", p)
        return self.env._("This can be chance: too few to say (p = %s).", p)

    def _describe_effect_ratio(self, comparison):
        if comparison.ratio is None or comparison.ratio == float("inf"):
            return ""
        ratio, low, high = (
            formatLang(self.env, value, digits=2) if value != float("inf") else "∞"
            for value in (comparison.ratio, comparison.low, comparison.high)
        )
        return self.env._(
            "Rate after compared with before: %(ratio)s (95 %% interval %(low)s to "
            "%(high)s; 1 means no change).",
            ratio=ratio,
            low=low,
            high=high,
        )
