from odoo import api, fields, models
from odoo.tools import SQL

SEQUENCE_FIELDS = ["implementation", "prefix", "suffix", "padding", "use_date_range"]
UNNUMBERED = (None, False, "", "/")


class ComplaintNumberMixin(models.AbstractModel):
    """One number per company and year, such as ``CMP/2026/00042``.

    Numbers of a batch are drawn with one query, without a lock: they are unique and
    rising, and a cancelled transaction may leave a gap. Format and padding are those
    of the ``ir.sequence`` with the model's name as code.
    """

    _name = "complaint.number.mixin"
    _description = "Number per Company and Year"
    _number_prefix = None
    _number_date_field = "create_date"

    name = fields.Char(
        "Number", readonly=True, copy=False, default="/", index="trigram"
    )

    @api.model_create_multi
    def create(self, vals_list):
        # An import that fails tries again with the values it gave: they stay as they
        # were, or the second try would bring a number.
        vals_list = [dict(vals) for vals in vals_list]
        unnumbered = [vals for vals in vals_list if vals.get("name") in UNNUMBERED]
        self._number_all(unnumbered)
        return super().create(vals_list)

    @api.model
    def _number_all(self, vals_list):
        """Put a number into each of the values."""
        groups = {}
        for vals in vals_list:
            company_id = vals.get("company_id") or self.env.company.id
            year = self._get_number_year(vals)
            groups.setdefault((company_id, year), []).append(vals)
        for (company_id, year), group in groups.items():
            company = self.env["res.company"].browse(company_id)
            numbers = self._draw_numbers(company, year, len(group))
            for vals, number in zip(group, numbers, strict=True):
                vals["name"] = number

    @api.model
    def _get_number_year(self, vals):
        moment = fields.Datetime.to_datetime(vals.get(self._number_date_field))
        moment = moment or fields.Datetime.now()
        return fields.Datetime.context_timestamp(self, moment).year

    @api.model
    def _draw_numbers(self, company, year, count):
        """Return ``count`` fresh numbers of a company and year."""
        date = fields.Date.to_date(f"{year}-01-01")
        if numbers := self._draw_usual_numbers(company, date, count):
            return numbers
        # sudo: drawing a number is part of creating the record
        sequence = self.sudo()._get_number_sequence(company)
        # makes the range of the year, if it has ranges
        sequence._get_current_sequence(date)
        return self._draw_usual_numbers(company, date, count) or [
            sequence.next_by_id(date) for __ in range(count)
        ]

    @api.model
    def _draw_usual_numbers(self, company, date, count):
        """Find the sequence and draw from it in one query; empty when it isn't there
        yet, or isn't one that a range of the year counts without gaps in mind."""
        # sudo: drawing a number is part of creating the record
        sequences = self.env["ir.sequence"].sudo()
        sequences.flush_model()
        sequences.env["ir.sequence.date_range"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT found.name, found.prefix, found.suffix, found.padding,
                       found.date_from,
                       nextval(format('ir_sequence_%%s_%%s', found.seq, found.range))
                  FROM (
                    SELECT s.name, s.prefix, s.suffix, s.padding, r.date_from,
                           lpad(s.id::text, greatest(3, length(s.id::text)), '0') seq,
                           lpad(r.id::text, greatest(3, length(r.id::text)), '0') range
                      FROM ir_sequence s
                      JOIN ir_sequence_date_range r ON r.sequence_id = s.id
                     WHERE s.code = %(code)s
                       AND s.company_id = %(company)s
                       AND s.active
                       AND s.use_date_range
                       AND s.implementation = 'standard'
                       AND %(date)s BETWEEN r.date_from AND r.date_to
                     ORDER BY s.name, s.id, r.id
                     LIMIT 1
                  ) AS found, generate_series(1, %(count)s)
                """,
                code=self._name,
                company=company.id,
                date=date,
                count=count,
            )
        )
        if not rows:
            return []
        name, prefix, suffix, padding, date_from, __ = rows[0]
        form = sequences.new({"name": name, "prefix": prefix, "suffix": suffix})
        prefix, suffix = form._get_prefix_suffix(date=date, date_range=date_from)
        return [f"{prefix}{row[-1]:0{padding}d}{suffix}" for row in rows]

    @api.model
    def _get_number_sequence(self, company):
        """Return the sequence of a company, made on first use."""
        sequences = self.env["ir.sequence"].sudo()  # sudo: see _draw_numbers
        domain = [("code", "=", self._name), ("company_id", "=", company.id)]
        found = sequences.search_fetch(domain, SEQUENCE_FIELDS, limit=1)
        return found or sequences.create(
            {
                "name": f"{self._description} ({company.name})",
                "code": self._name,
                "company_id": company.id,
                "prefix": f"{self._number_prefix}/%(range_year)s/",
                "padding": 5,
                "use_date_range": True,
            }
        )

    @api.model
    def _prepare_number_ranges(self, companies, years):
        """Make the ranges before they are needed, so that two first cases of a year
        don't make the same one at the same moment."""
        for company in companies:
            sequence = self._get_number_sequence(company)
            for year in years:
                sequence._get_current_sequence(fields.Date.to_date(f"{year}-01-01"))
