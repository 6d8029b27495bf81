from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

# What an amount and its value follow from.
VALUE_INPUTS = ("quantity", "unit_cost", "currency_id", "date")
# What the exchange rate follows from.
RATE_INPUTS = ("currency_id", "date")


class ComplaintCostValueMixin(models.AbstractModel):
    """An amount, and its value in the company's currency at the rate of its day.

    The value is written once, with the line, and isn't computed from the rates: rates
    that are corrected later, another currency of the company or a move to another case
    leave it as it was. ``_prepare_values`` is the only place that counts.
    """

    _name = "complaint.cost.value.mixin"
    _description = "Amount and Its Value"
    # Written by the methods below, never by a person.
    _stamped_fields = (
        "amount",
        "company_currency_id",
        "conversion_rate",
        "company_value",
    )

    date = fields.Date(
        required=True,
        default=fields.Date.context_today,
        index=True,
        help="When the cost arose. Its exchange rate counts.",
    )
    quantity = fields.Float(
        "Quantity or hours", digits="Product Unit", required=True, default=1.0
    )
    unit_cost = fields.Float("Unit cost or rate", digits=(16, 4), required=True)
    currency_id = fields.Many2one("res.currency", required=True, ondelete="restrict")
    amount = fields.Monetary(readonly=True, copy=False)
    company_currency_id = fields.Many2one(
        "res.currency",
        "Company currency",
        readonly=True,
        copy=False,
        ondelete="restrict",
        help="Currency of the company when the cost was entered.",
    )
    conversion_rate = fields.Float(
        "Exchange rate",
        digits=0,
        readonly=True,
        copy=False,
        help="What one unit of the currency was worth in the company's currency.",
    )
    company_value = fields.Monetary(
        "Value",
        currency_field="company_currency_id",
        readonly=True,
        copy=False,
        help="In the company's currency, at the exchange rate of the day. It doesn't "
        "change when rates are corrected later.",
    )

    # -- counting ------------------------------------------------------------------
    @api.model
    def _read_conversion_rates(self, keys):
        """Return {(currency, company, date): rate} with one query, the way core
        converts: the last rate up to the date, else the first one after it, those of
        the company before those of all. None where neither currency has any rate:
        core would take 1.

        :param keys: set of (res.currency, res.company, date)
        """
        pairs = {
            (currency.id, company.root_id.id, date)
            for source, company, date in keys
            for currency in (source, company.currency_id)
        }
        rates = self._query_rates(sorted(pairs))
        found = {}
        for key in keys:
            source, company, date = key
            target, root = company.currency_id, company.root_id.id
            given = rates.get((source.id, root, date))
            wanted = rates.get((target.id, root, date))
            if source == target:
                found[key] = 1.0
            elif given or wanted:
                found[key] = (wanted or 1.0) / (given or 1.0)
            else:
                found[key] = None
        return found

    @api.model
    def _query_rates(self, pairs):
        """Return {(currency id, company id, date): rate or None}."""
        if not pairs:
            return {}
        self.env["res.currency.rate"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT wanted.currency, wanted.company, wanted.day,
                       (SELECT rate FROM res_currency_rate
                         WHERE currency_id = wanted.currency
                           AND (company_id IS NULL OR company_id = wanted.company)
                      ORDER BY name > wanted.day, company_id,
                               CASE WHEN name <= wanted.day THEN name END DESC, name
                         LIMIT 1)
                  FROM unnest(%s::int[], %s::int[], %s::date[])
                    AS wanted(currency, company, day)
                """,
                *(list(column) for column in zip(*pairs, strict=True)),
            )
        )
        return {(currency, company, day): rate for currency, company, day, rate in rows}

    @api.model
    def _prepare_values(self, quantity, unit_cost, currency, company_currency, rate):
        """Return what is stored of an amount; every part is rounded as its currency."""
        amount = currency.round(quantity * unit_cost)
        return {
            "amount": amount,
            "company_currency_id": company_currency.id,
            "conversion_rate": rate,
            "company_value": company_currency.round(amount * rate),
        }

    def _raise_no_rate(self, currency, company):
        raise UserError(
            self.env._(
                "%(currency)s has no exchange rate in %(company)s, so its value isn't "
                "known. Enter the rate of the currency first, or the amount in "
                "%(own)s.",
                currency=currency.name,
                company=company.name,
                own=company.currency_id.name,
            )
        )

    # -- storing -------------------------------------------------------------------
    @api.model
    def _stamp_new(self, vals_list):
        """Give new lines their values before they are stored; what code with all
        rights has given stays."""
        keys = [self._get_rate_key(vals) for vals in vals_list]
        rates = self._read_conversion_rates(set(keys))
        for vals, key in zip(vals_list, keys, strict=True):
            if vals.get("conversion_rate"):
                continue
            currency, company, __ = key
            if rates[key] is None:
                self._raise_no_rate(currency, company)
            vals |= self._prepare_values(
                vals.get("quantity", 0.0),
                vals.get("unit_cost", 0.0),
                currency,
                company.currency_id,
                rates[key],
            )

    @api.model
    def _get_rate_key(self, vals):
        # sudo: the currency of a company that the user may enter costs for
        case = self.env["complaint.case"].browse(vals["case_id"]).sudo()
        return (
            self.env["res.currency"].browse(vals["currency_id"]),
            case.company_id,
            fields.Date.to_date(vals["date"]),
        )

    def _stamp_again(self, names):
        """Count lines again of which ``names`` were written: the exchange rate stays
        unless the currency or the date is another one."""
        keys = {
            # sudo: only which company it is, to find the rate
            line: (line.currency_id, line.sudo().company_id, line.date)
            for line in self
            if any(name in names for name in RATE_INPUTS)
        }
        rates = self._read_conversion_rates(set(keys.values()))
        by_values = {}
        for line in self:
            key, company_currency = keys.get(line), line.company_currency_id
            rate = line.conversion_rate
            if key:
                rate, company_currency = rates[key], key[1].currency_id
            if rate is None:
                self._raise_no_rate(key[0], key[1])
            vals = self._prepare_values(
                line.quantity, line.unit_cost, line.currency_id, company_currency, rate
            )
            by_values.setdefault(tuple(vals.items()), []).append(line.id)
        for items, ids in by_values.items():
            # sudo: stamped; the right to write what it follows from was checked
            self.browse(ids).sudo()._write_stamp(dict(items))

    def _write_stamp(self, vals):
        """Hook of the model: store what follows, past its own checks."""
        return self.write(vals)

    # -- on screen -----------------------------------------------------------------
    @api.onchange("quantity", "unit_cost", "currency_id", "date")
    def _onchange_value(self):
        """Show the value while it is typed; it is counted again when it is stored."""
        for line in self:
            company = line.case_id.company_id or self.env.company
            if not (line.currency_id and line.date):
                continue
            key = line.currency_id._origin, company._origin, line.date
            rate = self._read_conversion_rates({key})[key] or 0.0
            line.update(
                self._prepare_values(
                    line.quantity,
                    line.unit_cost,
                    line.currency_id,
                    company.currency_id,
                    rate,
                )
            )
