from collections import Counter

from odoo import api, fields, models

from ..models.complaint_sla_policy import CLOCK_KINDS

# How the table is cut: the fields of a row, in this order.
CUTS = ("kind", "priority", "team_id")
NEW_OR_OLD = ("before", "after")


class ComplaintSlaReplaySummaryMixin(models.AbstractModel):
    """The result of a replay as tables with bars."""

    _name = "complaint.sla.replay.summary.mixin"
    _description = "Result of a Replay"

    case_count = fields.Integer("Complaints", compute="_compute_results")
    row_count = fields.Integer("Promises counted", compute="_compute_results")
    change_count = fields.Integer("Would change", compute="_compute_results")
    summary_html = fields.Html(
        "Result", compute="_compute_results", sanitize=False, readonly=True
    )

    @api.depends("input_digest")
    def _compute_results(self):
        rows = self.env["complaint.sla.replay.row"]
        for replay in self:
            domain = [("replay_id", "=", replay._origin.id)]
            [found] = rows._read_group(
                domain, [], ["__count", "case_id:count_distinct"]
            )
            replay.row_count, replay.case_count = found
            replay.change_count = rows.search_count([*domain, ("change", "!=", "same")])
            replay.summary_html = replay._render_summary(domain)

    def _render_summary(self, domain):
        """Return the tables as HTML, or False before the first run."""
        if not self._origin.input_digest:
            return False
        titles = {
            "kind": self.env._("By promise"),
            "priority": self.env._("By priority"),
            "team_id": self.env._("By team"),
        }
        tables = [(titles[cut], self._add_up(domain, cut)) for cut in CUTS]
        return self.env["ir.qweb"]._render(
            "complaint_management.sla_replay_summary", {"tables": tables}
        )

    @api.model
    def _add_up(self, domain, cut):
        """Return one dict for each value of a field: label, what became of its promises
        before and after, and the widths of two bars."""
        groups = self.env["complaint.sla.replay.row"]._read_group(
            domain, [cut, "outcome_before", "outcome_after"], ["__count"]
        )
        found = {}
        for value, before, after, count in groups:
            sums = found.setdefault(value, Counter())
            sums["before", before] += count
            sums["after", after] += count
            sums["worse"] += count * (before != "missed" and after == "missed")
            sums["better"] += count * (before == "missed" and after != "missed")
        if cut == "kind":
            found = {kind: found[kind] for kind, __ in CLOCK_KINDS if kind in found}
        rows = [
            {"label": self._get_cut_label(cut, value), **self._prepare_sums(sums)}
            for value, sums in found.items()
        ]
        most = max(
            (row[when]["share"] for row in rows for when in NEW_OR_OLD), default=0
        )
        for row in rows:
            for when in NEW_OR_OLD:
                row[when]["width"] = round(100 * row[when]["share"] / (most or 1))
        return rows

    @api.model
    def _prepare_sums(self, sums):
        """Return counts and the share of missed among those that have ended."""
        prepared = {"worse": sums["worse"], "better": sums["better"]}
        for when in NEW_OR_OLD:
            missed, met = sums[when, "missed"], sums[when, "met"]
            ended = missed + met
            share = missed / ended if ended else 0
            prepared[when] = {
                "missed": missed,
                "ended": ended,
                "open": sums[when, "open"],
                "share": share,
                "percent": f"{100 * share:.1f} %" if ended else "–",
            }
        difference = prepared["after"]["missed"] - prepared["before"]["missed"]
        prepared["difference"] = f"{difference:+d}" if difference else "0"
        return prepared

    @api.model
    def _get_cut_label(self, cut, value):
        if isinstance(value, models.BaseModel):
            return value.display_name or self.env._("None")
        field = self.env["complaint.sla.replay.row"]._fields[cut]
        labels = dict(field._description_selection(self.env))
        return labels.get(value) or self.env._("None")
