from odoo import api, models
from odoo.tools import SQL


class SupplierScorecardSqlMixin(models.AbstractModel):
    """The figures of all suppliers of a company and month, in one statement.

    Facts are receipts and returns that were done in the month, and order lines that
    were promised for it. A card that is final is left alone, with its evidence.
    """

    _name = "supplier.scorecard.sql.mixin"
    _description = "Figures of Supplier Scorecards"

    @api.model
    def _get_compute_query(self, period):
        """Return the statement that writes draft cards and their evidence.

        :param period: company_id, month, start, end, now (naive UTC), tz, uid
        """
        return SQL(
            """
            WITH fact AS MATERIALIZED (
                %(receipts)s UNION ALL %(returns)s UNION ALL %(promises)s
            ), supplier AS (
                SELECT partner_id FROM fact
                UNION
                SELECT partner_id FROM supplier_scorecard
                 WHERE company_id = %(company_id)s AND period_start = %(month)s
                   AND state = 'draft'
            ), card AS (
                %(upsert)s
            ), evidence AS (
                %(evidence)s
            )
            SELECT COUNT(*) FROM card
            """,
            receipts=self._get_receipt_query(period),
            returns=self._get_return_query(period),
            promises=self._get_promise_query(period),
            upsert=self._get_upsert_query(period),
            evidence=self._get_evidence_query(),
            company_id=period["company_id"],
            month=period["month"],
        )

    @api.model
    def _sql_day(self, column, period):
        """Return the calendar day of a naive UTC column where the company is."""
        return SQL(
            "timezone(%(tz)s, timezone('UTC', %(column)s))::date",
            tz=period["tz"],
            column=column,
        )

    @api.model
    def _get_move_joins(self):
        """Return the joins that every fact about a move needs.

        ``line`` is the order line, also of a return that only knows the move it
        brings back; quantities are in the unit of the product.
        """
        return SQL(
            """
              FROM stock_move move
              JOIN stock_location source ON source.id = move.location_id
              JOIN stock_location target ON target.id = move.location_dest_id
              LEFT JOIN stock_picking picking ON picking.id = move.picking_id
              LEFT JOIN stock_move origin ON origin.id = move.origin_returned_move_id
              JOIN purchase_order_line line
                ON line.id = COALESCE(move.purchase_line_id, origin.purchase_line_id)
              JOIN purchase_order po ON po.id = line.order_id
              JOIN res_partner contact ON contact.id = po.partner_id
              JOIN product_product product ON product.id = move.product_id
              JOIN product_template template ON template.id = product.product_tmpl_id
              JOIN uom_uom unit ON unit.id = template.uom_id
              JOIN uom_uom move_unit ON move_unit.id = move.product_uom
            """
        )

    @api.model
    def _get_move_domain(self, period):
        return SQL(
            """
             WHERE move.state = 'done' AND move.company_id = %(company_id)s
               AND move.date >= %(start)s AND move.date < %(end)s
            """,
            **{name: period[name] for name in ("company_id", "start", "end")},
        )

    @api.model
    def _get_receipt_query(self, period):
        """Goods that came in; a replacement for returned goods has no promise."""
        return SQL(
            """
            SELECT 'receipt' AS kind, contact.commercial_partner_id AS partner_id,
                   move.id AS move_id, line.id AS line_id, move.product_id,
                   line.date_planned AS planned_at, move.date AS done_at,
                   move.quantity * move_unit.factor / unit.factor AS qty,
                   0::numeric AS rejected_qty, NULL::numeric AS ordered_qty,
                   COALESCE(origin.id, picking.return_id) IS NULL AS is_judged,
                   COALESCE(origin.id, picking.return_id) IS NULL
                       AND %(done)s <= %(planned)s AS is_kept
            %(joins)s %(domain)s
               AND source.usage = 'supplier' AND target.usage <> 'supplier'
            """,
            done=self._sql_day(SQL("move.date"), period),
            planned=self._sql_day(SQL("line.date_planned"), period),
            joins=self._get_move_joins(),
            domain=self._get_move_domain(period),
        )

    @api.model
    def _get_return_query(self, period):
        """Goods that went back to the supplier."""
        return SQL(
            """
            SELECT 'return', contact.commercial_partner_id, move.id, line.id,
                   move.product_id, NULL::timestamp, move.date, 0::numeric,
                   move.quantity * move_unit.factor / unit.factor, NULL::numeric,
                   FALSE, FALSE
            %(joins)s %(domain)s
               AND target.usage = 'supplier' AND source.usage <> 'supplier'
            """,
            joins=self._get_move_joins(),
            domain=self._get_move_domain(period),
        )

    @api.model
    def _get_promise_query(self, period):
        """Order lines promised for a day of the month that is over: was all of it
        there by then? Goods that never came show up here and nowhere else."""
        return SQL(
            """
            SELECT 'promise', contact.commercial_partner_id, NULL::integer, line.id,
                   line.product_id, line.date_planned, MAX(move.date),
                   COALESCE(SUM(move.quantity * move_unit.factor), 0)
                       / MIN(unit.factor),
                   0::numeric,
                   line.product_qty * MIN(line_unit.factor) / MIN(unit.factor),
                   TRUE,
                   COALESCE(SUM(move.quantity * move_unit.factor), 0) + 0.000001
                       >= line.product_qty * MIN(line_unit.factor)
              FROM purchase_order_line line
              JOIN purchase_order po ON po.id = line.order_id
              JOIN res_partner contact ON contact.id = po.partner_id
              JOIN product_product product ON product.id = line.product_id
              JOIN product_template template ON template.id = product.product_tmpl_id
              JOIN uom_uom unit ON unit.id = template.uom_id
              JOIN uom_uom line_unit ON line_unit.id = line.product_uom_id
              LEFT JOIN (stock_move move
                    JOIN stock_location source
                      ON source.id = move.location_id AND source.usage = 'supplier'
                    JOIN uom_uom move_unit ON move_unit.id = move.product_uom
                    LEFT JOIN stock_picking picking ON picking.id = move.picking_id)
                ON move.purchase_line_id = line.id AND move.state = 'done'
               AND COALESCE(move.origin_returned_move_id, picking.return_id) IS NULL
               AND %(done)s <= %(planned)s
             WHERE line.company_id = %(company_id)s AND po.state = 'purchase'
               AND line.date_planned >= %(start)s AND line.date_planned < %(end)s
               AND %(planned)s < %(today)s
               AND template.type = 'consu' AND line.product_qty > 0
             GROUP BY line.id, contact.commercial_partner_id
            """,
            done=self._sql_day(SQL("move.date"), period),
            planned=self._sql_day(SQL("line.date_planned"), period),
            today=self._sql_day(SQL("%s::timestamp", period["now"]), period),
            company_id=period["company_id"],
            start=period["start"],
            end=period["end"],
        )

    @api.model
    def _get_upsert_query(self, period):
        return SQL(
            """
            INSERT INTO supplier_scorecard AS stored (
                partner_id, company_id, period_start, state, computed_at,
                create_uid, create_date, write_uid, write_date,
                delivered_lines, on_time_lines, on_time_rate,
                due_lines, in_full_lines, in_full_rate,
                received_qty, rejected_qty, ppm
            )
            SELECT supplier.partner_id, %(company_id)s, %(month)s, 'draft', %(now)s,
                   %(uid)s, %(now)s, %(uid)s, %(now)s,
                   total.delivered, total.on_time,
                   100.0 * total.on_time / NULLIF(total.delivered, 0),
                   total.due, total.in_full,
                   100.0 * total.in_full / NULLIF(total.due, 0),
                   total.received, total.rejected,
                   1000000 * total.rejected / NULLIF(total.received, 0)
              FROM supplier
              LEFT JOIN (
                SELECT partner_id,
                       COUNT(*) FILTER (WHERE receipt AND is_judged) AS delivered,
                       COUNT(*) FILTER (WHERE receipt AND is_kept) AS on_time,
                       COUNT(*) FILTER (WHERE promise) AS due,
                       COUNT(*) FILTER (WHERE promise AND is_kept) AS in_full,
                       COALESCE(SUM(qty) FILTER (WHERE receipt), 0) AS received,
                       COALESCE(SUM(rejected_qty), 0) AS rejected
                  FROM (SELECT *, kind = 'receipt' AS receipt,
                               kind = 'promise' AS promise FROM fact) named
                 GROUP BY partner_id
              ) total ON total.partner_id = supplier.partner_id
            ON CONFLICT (partner_id, company_id, period_start) DO UPDATE SET
                computed_at = EXCLUDED.computed_at,
                write_uid = EXCLUDED.write_uid, write_date = EXCLUDED.write_date,
                delivered_lines = EXCLUDED.delivered_lines,
                on_time_lines = EXCLUDED.on_time_lines,
                on_time_rate = EXCLUDED.on_time_rate,
                due_lines = EXCLUDED.due_lines,
                in_full_lines = EXCLUDED.in_full_lines,
                in_full_rate = EXCLUDED.in_full_rate,
                received_qty = EXCLUDED.received_qty,
                rejected_qty = EXCLUDED.rejected_qty,
                ppm = EXCLUDED.ppm
             WHERE stored.state = 'draft'
            RETURNING id, partner_id
            """,
            **{name: period[name] for name in ("company_id", "month", "now", "uid")},
        )

    @api.model
    def _get_evidence_query(self):
        return SQL(
            """
            INSERT INTO supplier_scorecard_line (
                scorecard_id, kind, move_id, purchase_line_id, product_id,
                planned_at, done_at, qty, rejected_qty, ordered_qty,
                is_judged, on_time
            )
            SELECT card.id, fact.kind, fact.move_id, fact.line_id, fact.product_id,
                   fact.planned_at, fact.done_at, fact.qty, fact.rejected_qty,
                   fact.ordered_qty, fact.is_judged, fact.is_kept
              FROM fact JOIN card ON card.partner_id = fact.partner_id
            """
        )
