from odoo import api, fields, models
from odoo.tools import SQL


class ComplaintSlaStartMixin(models.AbstractModel):
    """How clocks begin to run."""

    _name = "complaint.sla.start.mixin"
    _description = "Start of Clocks"

    @api.model
    def _start(self, vals_list):
        """Start clocks and their ledgers.

        In plain SQL: a case has three of them, and making those was a third of the
        time of taking in cases. ``_sla_prepare_clocks`` is where to change them.

        :param vals_list: values of clocks; ``version`` is the HoursVersion or None
        """
        rows = self._prepare_start_rows(vals_list)
        names = list(rows[0])
        self.env.cr.execute(
            SQL(
                """
                WITH clock AS (
                    INSERT INTO complaint_sla_clock (%(columns)s)
                    SELECT %(values)s FROM %(rows)s
                    RETURNING *
                )
                INSERT INTO complaint_sla_event
                       (clock_id, kind, occurred_at, recorded_at, since, unit, target,
                        policy_id, hours_id, deadline, actor_id)
                SELECT id, 'start', started_at, %(now)s, started_at, unit, target,
                       policy_id, hours_id, deadline, %(actor)s
                  FROM clock
                """,
                columns=SQL(", ").join(map(SQL.identifier, names)),
                rows=self._bulk_rows(names, rows, lists=("res_id",)),
                values=SQL(", ").join(
                    SQL("unnest(res_id)") if name == "res_id" else SQL.identifier(name)
                    for name in names
                ),
                now=fields.Datetime.now(),
                actor=self.env.uid,
            )
        )
        self._wake_sweep(min(vals["next_at"] for vals in vals_list))

    @api.model
    def _prepare_start_rows(self, vals_list):
        """Return one row for all hosts to which the same is promised, as those of a
        batch often are: ``res_id`` is the list of them."""
        versions = {vals["version"] for vals in vals_list if vals["version"]}
        kept = self.env["complaint.sla.hours"]._ensure(versions)
        moment, uid = self.env.cr.now(), self.env.uid
        alike = {}
        for vals in vals_list:
            rest = {name: value for name, value in vals.items() if name != "res_id"}
            alike.setdefault(tuple(rest.items()), []).append(vals["res_id"])
        rows = []
        for key, res_ids in alike.items():
            row = {name: value or None for name, value in key}
            version = row.pop("version")
            rows.append(
                {
                    **row,
                    "res_id": res_ids,
                    "hours_id": version and kept[version.digest],
                    "state": "running",
                    "create_uid": uid,
                    "create_date": moment,
                    "write_uid": uid,
                    "write_date": moment,
                }
            )
        return rows
