import hashlib
import json
from datetime import datetime, time

from odoo import api, fields, models, tools
from odoo.tools import SQL

from ..tools.business_time import BusinessTime


class ComplaintSlaHours(models.Model):
    """Opening hours as they were: what a clock was counted in, for ever.

    A calendar changes; what was promised in its hours must still add up years later.
    Each version of a calendar that a clock counted in is kept here by its content,
    with holidays and their names. Rows are never changed, and the same content is
    kept once. Written in SQL by :meth:`_ensure` only.
    """

    _name = "complaint.sla.hours"
    _description = "Opening Hours of a Clock"
    _rec_name = "name"
    _log_access = False

    name = fields.Char(required=True, readonly=True)
    digest = fields.Char(required=True, readonly=True)
    content = fields.Text(
        required=True,
        readonly=True,
        help="JSON: time zone, week in local times, closed spans in UTC with names.",
    )

    _digest_unique = models.Constraint(
        "UNIQUE(digest)", "These opening hours are known already."
    )

    @api.model
    def _ensure(self, versions):
        """Keep opening hours that aren't kept yet.

        :param versions: iterable of :class:`HoursVersion`
        :return: {digest: id}
        """
        rows = {v.digest: (v.name, v.digest, v.content) for v in versions}
        kept = self._find_kept(rows)
        missing = [row for digest, row in rows.items() if digest not in kept]
        if missing:
            self.env.cr.execute(
                SQL(
                    "INSERT INTO complaint_sla_hours (name, digest, content) VALUES %s"
                    " ON CONFLICT (digest) DO NOTHING",
                    SQL(", ").join(SQL("%s", row) for row in missing),
                )
            )
            kept = self._find_kept(rows)
        return kept

    def _find_kept(self, digests):
        if not digests:
            return {}
        self.env.cr.execute(
            SQL(
                "SELECT digest, id FROM complaint_sla_hours WHERE digest IN %s",
                tuple(digests),
            )
        )
        return dict(self.env.cr.fetchall())

    @api.model
    def _get_version(self, hours_id):
        """Return the :class:`HoursVersion` of a row; False gives None."""
        return self._load_version(hours_id) if hours_id else None

    @tools.ormcache("hours_id")
    def _load_version(self, hours_id):
        # sudo: opening hours and public holidays are no secret
        hours = self.sudo().browse(hours_id)
        return HoursVersion(hours.name, hours.content)


class HoursVersion:
    """Opening hours, compiled, with the names of their holidays.

    ``time`` is the :class:`BusinessTime`, ``leaves`` are [(start, end, name)] in naive
    UTC.
    """

    def __init__(self, name, content):
        self.name, self.content = name, content
        self.digest = hashlib.sha256(content.encode()).hexdigest()
        data = json.loads(content)
        week = {
            int(day): [tuple(time.fromisoformat(t) for t in span) for span in spans]
            for day, spans in data["week"].items()
        }
        self.leaves = [
            (datetime.fromisoformat(start), datetime.fromisoformat(end), label)
            for start, end, label in data["leaves"]
        ]
        spans = [leave[:2] for leave in self.leaves]
        self.time = BusinessTime.from_week(week, data["tz"], spans)

    def with_leaves(self, leaves):
        """Return the same week with other holidays, [(start, end, name)] naive UTC."""
        data = json.loads(self.content)
        data["leaves"] = _pack_leaves(leaves)
        return HoursVersion(self.name, _pack(data))

    @property
    def tz(self):
        """The IANA name of the time zone."""
        return json.loads(self.content)["tz"]

    @classmethod
    def make(cls, name, week, tz, leaves):
        """Return the version of a week.

        :param dict week: {weekday: [(time, time)]}, Monday is 0, local times
        :param leaves: [(start, end, name)] naive UTC
        :raise ValueError: see :meth:`BusinessTime.from_week`
        """
        content = {
            "tz": tz,
            "week": {
                str(day): sorted([a.isoformat(), b.isoformat()] for a, b in spans)
                for day, spans in sorted(week.items())
            },
            "leaves": _pack_leaves(leaves),
        }
        return cls(name, _pack(content))


def _pack_leaves(leaves):
    return sorted(
        [start.isoformat(), end.isoformat(), label or ""]
        for start, end, label in leaves
    )


def _pack(content):
    return json.dumps(content, ensure_ascii=False, sort_keys=True)
