from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.text_key import similarity_key

SIMILAR_SHOWN = 6
# What each likeness weighs; together they must reach the least score. Text counts by
# its likeness (0 to 1), so that half of it is enough alone.
WEIGHTS = {"customer": 2.0, "lot": 3.0, "product": 1.0, "error_type": 1.0, "text": 4.0}
LEAST_SCORE = 2.0
# Of each likeness the newest are looked at: a product can have ten thousand cases.
CANDIDATES = 200
# Below this a text can't reach the least score alone; together with something else
# the case is a candidate by that. The index is much faster with it than with 0.3.
LEAST_TEXT = LEAST_SCORE / WEIGHTS["text"]
SHORTEST_TEXT = 4


class ComplaintSimilarMixin(models.AbstractModel):
    """Finds cases like this one, and marks repeats.

    Texts are compared by ``subject_key`` (see ``tools/text_key``), because what
    ``pg_trgm`` takes for a letter depends on the locale of the database.
    """

    _name = "complaint.similar.mixin"
    _description = "Similar Cases"
    _guarded_fields = ("subject_key",)
    _journal_fields = ("repeat_of_id",)

    subject_key = fields.Char(
        "Subject for comparison",
        compute="_compute_subject_key",
        store=True,
        precompute=True,
        index="trigram",
        copy=False,
    )
    repeat_of_id = fields.Many2one(
        "complaint.case",
        "Repeats",
        copy=False,
        tracking=True,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="The customer complained about the same before, and it wasn't settled "
        "for them. Counts into the repeat rate.",
    )
    repeat_ids = fields.One2many(
        "complaint.case", "repeat_of_id", "Repeated by", readonly=True
    )
    similar_case_ids = fields.Many2many(
        "complaint.case",
        compute="_compute_similar_case_ids",
        string="Similar cases",
        help="Same customer, lot, product or error type, or nearly the same subject.",
    )

    @api.depends("subject")
    def _compute_subject_key(self):
        for case in self:
            case.subject_key = similarity_key(case.subject)

    @api.depends("subject", "partner_id", "product_id", "lot", "error_type_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_similar_case_ids(self):
        """One search for one case: forms ask for it, lists don't."""
        for case in self:
            case.similar_case_ids = case._find_similar(SIMILAR_SHOWN)

    # -- finding -----------------------------------------------------------------
    def _find_similar(self, limit):
        """Return the cases most like this one that the user may read, best first.

        :param int limit: how many at most
        """
        self.ensure_one()
        return self._search_similar(self._get_likeness(), limit, self._origin.ids)

    def _get_likeness(self):
        """Hook: return what a similar case has in common with this one."""
        return self._get_likeness_of(self)

    @api.model
    def _get_likeness_of(self, record):
        """Return what a similar case has in common with a record that has the fields
        of a case: the case itself, or what is about to become one."""
        return {
            "company": record.company_id.id,
            "customer": record.partner_id.commercial_partner_id._origin.id,
            "product": record.product_id._origin.id,
            "error_type": record.error_type_id._origin.id,
            "lot": (record.lot or "").strip(),
            "text": similarity_key(record.subject),
        }

    @api.model
    def _search_similar(self, likeness, limit, except_ids=()):
        """Return the readable cases that have most of ``likeness`` in common.

        One search. What the user may not read isn't counted, and nothing of it shows.

        :param dict likeness: see :meth:`_get_likeness`; empty values count for nothing
        """
        candidates = self._get_similar_candidates(likeness)
        if not (candidates and likeness["company"] and self.has_access("read")):
            return self.browse()
        domain = Domain("company_id", "=", likeness["company"]) & Domain(
            "id", "not in", list(except_ids)
        )
        query = self.with_context(active_test=False)._search(domain)
        score = self._get_similar_score(likeness)
        query.add_where(
            SQL(
                "%s IN (%s) AND %s >= %s",
                SQL.identifier(self._table, "id"),
                SQL(" UNION ").join(SQL("(%s)", part) for part in candidates),
                score,
                LEAST_SCORE,
            )
        )
        query.order = SQL("%s DESC, %s DESC", score, SQL.identifier(self._table, "id"))
        query.limit = limit
        self.flush_model(self._get_similar_columns())
        self._prefer_text_index("off")
        found = self.env.execute_query(query.select())
        self._prefer_text_index("on")
        return self.browse([row[0] for row in found])

    @api.model
    def _prefer_text_index(self, seqscan):
        """PostgreSQL takes the comparison of two texts for as cheap as that of two
        numbers, and would read all of 100,000 cases rather than the index: seconds
        instead of a tenth of it. Both settings end with the transaction."""
        self.env.cr.execute(
            "SELECT set_config('pg_trgm.similarity_threshold', %s, true),"
            " set_config('enable_seqscan', %s, true)",
            (str(LEAST_TEXT), seqscan),
        )

    @api.model
    def _get_similar_columns(self):
        return [
            "company_id",
            "commercial_partner_id",
            "lot",
            "product_id",
            "error_type_id",
            "subject_key",
        ]

    @api.model
    def _get_similar_candidates(self, likeness):
        """Return subqueries of ids, each short by an index."""
        columns = {
            "commercial_partner_id": likeness["customer"],
            "lot": likeness["lot"],
            "product_id": likeness["product"],
        }
        parts = [
            SQL(
                "SELECT id FROM complaint_case WHERE %s = %s ORDER BY id DESC LIMIT %s",
                SQL.identifier(column),
                value,
                CANDIDATES,
            )
            for column, value in columns.items()
            if value
        ]
        if self._can_compare_text(likeness["text"]):
            parts.append(
                SQL(
                    "SELECT id FROM complaint_case WHERE %s %% %s"
                    " ORDER BY similarity(subject_key, %s) DESC LIMIT %s",
                    self.env.registry.unaccent(SQL.identifier("subject_key")),
                    likeness["text"],
                    likeness["text"],
                    CANDIDATES,
                )
            )
        return parts

    @api.model
    def _can_compare_text(self, text):
        return self.env.registry.has_trigram and len(text) >= SHORTEST_TEXT

    @api.model
    def _get_similar_score(self, likeness):
        """Return the SQL of the score of a row of ``complaint_case``."""
        columns = {
            "customer": "commercial_partner_id",
            "lot": "lot",
            "product": "product_id",
            "error_type": "error_type_id",
        }
        parts = [
            SQL(
                "CASE WHEN %s = %s THEN %s ELSE 0 END",
                SQL.identifier(self._table, column),
                likeness[key],
                WEIGHTS[key],
            )
            for key, column in columns.items()
            if likeness[key]
        ]
        if self._can_compare_text(likeness["text"]):
            parts.append(
                SQL(
                    "%s * similarity(%s, %s)",
                    WEIGHTS["text"],
                    SQL.identifier(self._table, "subject_key"),
                    likeness["text"],
                )
            )
        return SQL("(%s)", SQL(" + ").join(parts))

    # -- repeats -----------------------------------------------------------------
    @api.constrains("repeat_of_id", "partner_id", "received_at")
    def _check_repeat_of(self):
        repeats = self.filtered("repeat_of_id")
        if repeats and repeats._has_cycle("repeat_of_id"):
            raise ValidationError(self.env._("A complaint can't repeat itself."))
        for case in repeats:
            # sudo: only dates and customers are compared, whoever saves the case
            first = case.repeat_of_id.sudo()
            if first.received_at > case.received_at:
                raise ValidationError(
                    self.env._(
                        "%(case)s was received before %(first)s, so it can't repeat "
                        "it.",
                        case=case.name,
                        first=first.name,
                    )
                )
            customers = case.commercial_partner_id | first.commercial_partner_id
            if len(customers) > 1:
                raise ValidationError(
                    self.env._(
                        "%(case)s and %(first)s are of different customers. A repeat "
                        "comes from the same one; others are similar cases.",
                        case=case.name,
                        first=first.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        self._check_repeat_access(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        self._check_repeat_access([vals])
        return super().write(vals)

    @api.model
    def _check_repeat_access(self, vals_list):
        """Whoever links to a case must be able to read it."""
        wanted = {
            vals["repeat_of_id"] for vals in vals_list if vals.get("repeat_of_id")
        }
        if wanted:
            self.browse(sorted(wanted)).check_access("read")

    def action_open_case(self):
        """Open one case of a list that is shown inside another form."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
        }
