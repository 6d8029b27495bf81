import hashlib
import random
from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.tools import SQL

from .common import ComplaintCommon

BEGIN = "2020-03-02 06:00:00"  # Monday, 10:00 in Baku
WATCHED = ("complaint_case", "complaint_sla", "complaint_journal", "mail_", "resource_")


class ReplayCommon(ComplaintCommon):
    """Past cases, and replays of a manager; its tests run at ``BEGIN``."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["complaint.sla.policy"].search([]).active = False
        cls.policy = cls.env["complaint.sla.policy"].create(
            {"unit": "business_hours", "acknowledge": 4, "respond": 4, "resolve": 16}
        )
        cls.quick = cls.env["complaint.sla.policy"].create(
            {"priority": "3", "unit": "clock_hours", "respond": 2, "resolve": 24}
        )
        cls.reason = cls._pause_reason()
        cls.reason.cap_hours = 0

    # -- helpers -----------------------------------------------------------------
    def _sweep(self):
        clocks = self.env["complaint.sla.clock"]
        due = clocks.search(clocks._get_due_domain())
        due._sweep_guarded()

    def _case(self, answered=None, resolved=None, **values):
        """A case received now; hours of the clock until it is answered, solved."""
        values = {"priority": "1", "acknowledge_state": "none", **values}
        case = self._new_case(received_at=fields.Datetime.now(), **values)
        begin = fields.Datetime.now()
        for hours, kinds in (
            (answered, ("acknowledge", "respond")),
            (resolved, ("resolve",)),
        ):
            if hours is not None:
                for kind in kinds:
                    case._sla_stop(kind, begin + timedelta(hours=hours))
        return case

    def _new_replay(self, **values):
        replay = self.env["complaint.sla.replay"].with_user(self.manager)
        day = fields.Date.today()
        return replay.create(
            {"date_from": day - timedelta(40), "date_to": day, **values}
        )

    def _run(self, replay, later=None):
        with freeze_time(later or fields.Datetime.now()):
            replay.action_replay()
        return self.env["complaint.sla.replay.row"].search(
            [("replay_id", "=", replay.id)]
        )

    def _outcomes(self, rows, case, kind="resolve"):
        row = rows.filtered(lambda r: r.case_id == case and r.kind == kind)
        self.assertEqual(len(row), 1)
        return row.outcome_before, row.outcome_after

    def _draft(self, replay, policy):
        return replay.line_ids.filtered(lambda line: line.policy_id == policy)

    def _checksums(self):
        """Return {table: digest of all its rows} of what a replay could touch."""
        self.env.flush_all()
        cr = self.env.cr
        cr.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            " AND tablename NOT LIKE 'complaint_sla_replay%'"
            " AND tablename NOT LIKE 'ir_%'"
        )
        tables = [name for (name,) in cr.fetchall() if name.startswith(WATCHED)]
        self.assertIn("complaint_sla_event", tables)
        sums = {}
        for table in sorted(tables):
            cr.execute(
                SQL("SELECT t::text FROM %s t ORDER BY 1", SQL.identifier(table))
            )
            content = "\n".join(text for (text,) in cr.fetchall())
            sums[table] = hashlib.sha256(content.encode()).hexdigest()
        return sums

    def _play(self, dice, case):
        """Let something happen to a case, as people do."""
        happen = dice.choice(
            ["pause", "resume", "priority", "answer", "solve", "reopen", "nothing"]
        )
        clocks = case.sla_clock_ids
        if happen == "pause" and not case.pause_reason_id:
            case._set_pause(self.reason)
            case._sla_pause(self.reason)
        elif happen == "resume":
            case._resume_promises()
        elif happen == "priority":
            case.priority = dice.choice("0123")
        elif happen == "answer":
            case._sla_stop("acknowledge")
            case._sla_stop("respond")
        elif happen == "solve" and clocks:
            case._resume_promises()
            case._sla_stop("resolve")
        elif happen == "reopen":
            case._sla_reopen()

    def _make_histories(self, count):
        dice, now = random.Random(11), fields.Datetime.from_string(BEGIN)
        with freeze_time(now):
            cases = self.env["complaint.case"].concat(
                *[self._case(priority=dice.choice("0123")) for __ in range(count)]
            )
        for __ in range(8):
            now += timedelta(minutes=dice.randrange(30, 2500))
            with freeze_time(now):
                self._sweep()
                for case in cases:
                    self._play(dice, case)
        return cases, now + timedelta(hours=1)
