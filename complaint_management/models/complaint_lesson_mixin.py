from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.text_key import similarity_key
from .complaint_lesson import TITLE_LENGTH
from .complaint_stage import RESOLVED_PHASES

LESSONS_SHOWN = 5
# What each likeness weighs; together they must reach the least score. Half a likeness
# of words is enough alone. A category helps a little: with less than 0.4 of likeness a
# quarter of all titles has to be compared, and what they share is a word such as “not”.
LESSON_WEIGHTS = {"product": 2.0, "error_type": 2.0, "category": 0.4, "text": 4.0}
LEAST_LESSON_SCORE = 2.0
# Below this likeness words can't bring the least score, not even with a category.
LEAST_WORDS = (LEAST_LESSON_SCORE - LESSON_WEIGHTS["category"]) / LESSON_WEIGHTS["text"]


class ComplaintLessonMixin(models.AbstractModel):
    """What a case taught, and what earlier cases teach about it."""

    _name = "complaint.lesson.mixin"
    _description = "Lessons of a Case"

    lesson_ids = fields.One2many(
        "complaint.lesson", "case_id", "Lessons from it", readonly=True, copy=False
    )
    lesson_use_ids = fields.One2many(
        "complaint.lesson.use",
        "case_id",
        "Lessons applied",
        readonly=True,
        copy=False,
    )
    suggested_lesson_ids = fields.Many2many(
        "complaint.lesson",
        compute="_compute_suggested_lesson_ids",
        string="What earlier cases taught",
        help="Lessons for the same product, error type or category, or in nearly the "
        "same words.",
    )
    applied_lesson_ids = fields.Many2many(
        "complaint.lesson",
        compute="_compute_applied_lesson_ids",
        string="Applied lessons",
    )
    is_lesson_waiting = fields.Boolean(
        "Lesson not published",
        compute="_compute_is_lesson_waiting",
        compute_sudo=True,
    )

    @api.depends("subject", "product_id", "error_type_id", "category_id", "company_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_suggested_lesson_ids(self):
        """One search for one case: forms ask for it, lists don't."""
        for case in self:
            case.suggested_lesson_ids = case._find_lessons(LESSONS_SHOWN)

    @api.depends("lesson_use_ids")
    def _compute_applied_lesson_ids(self):
        for case in self:
            case.applied_lesson_ids = case.lesson_use_ids.lesson_id

    @api.depends("lesson", "phase", "lesson_ids.state")
    def _compute_is_lesson_waiting(self):
        for case in self:
            case.is_lesson_waiting = (
                case.phase in RESOLVED_PHASES
                and bool((case.lesson or "").strip())
                and all(lesson.state == "draft" for lesson in case.lesson_ids)
            )

    # -- finding -------------------------------------------------------------------
    def _find_lessons(self, limit):
        """Return the published lessons that fit this case best and that the user may
        read.

        The subject is compared with the title and with the subject of the case that a
        lesson comes from, of which nothing shows. Only lessons that can reach the least
        score are looked at, each found by an index: comparing the words of all of
        5,000 lessons took half a second. Without ``pg_trgm`` words don't count, the
        rest does.

        :param int limit: how many at most
        """
        self.ensure_one()
        lessons = self.env["complaint.lesson"]
        likeness = self._get_lesson_likeness()
        candidates = self._get_lesson_candidates(likeness)
        if not candidates or not lessons.has_access("read"):
            return lessons
        domain = (
            Domain("state", "=", "published")
            & Domain("company_id", "in", (False, self.company_id.id))
            & Domain("case_id", "not in", self._origin.ids)
        )
        lessons.flush_model()
        self.flush_model(["subject_key", "is_confidential"])
        query = SQL(
            # OFFSET 0: the score is computed once a row, not again for sorting
            """
            SELECT id
              FROM (SELECT complaint_lesson.id, %(score)s AS score
                      FROM complaint_lesson
                 LEFT JOIN complaint_case AS source
                        ON source.id = complaint_lesson.case_id
                       AND source.is_confidential IS NOT TRUE
                     WHERE complaint_lesson.id IN (%(candidates)s)
                       AND complaint_lesson.id IN %(lessons)s
                    OFFSET 0) AS scored
             WHERE score >= %(least)s
          ORDER BY score DESC, id DESC
             LIMIT %(limit)s
            """,
            score=self._get_lesson_score(likeness),
            candidates=SQL(" UNION ").join(SQL("(%s)", part) for part in candidates),
            lessons=lessons._search(domain).subselect(),
            least=LEAST_LESSON_SCORE,
            limit=limit,
        )
        self._set_word_index(likeness, "off")
        found = self.env.execute_query(query)
        self._set_word_index(likeness, "on")
        return lessons.browse([row[0] for row in found])

    @api.model
    def _set_word_index(self, likeness, seqscan):
        """PostgreSQL would rather compare the words of all lessons and cases than read
        an index, see ``_prefer_text_index``. What fits by its words alone is found by
        either index; a category makes less enough in a title."""
        if likeness["text"]:
            alone = LEAST_LESSON_SCORE / LESSON_WEIGHTS["text"]
            self.env.cr.execute(
                "SELECT set_config('pg_trgm.similarity_threshold', %s, true),"
                " set_config('pg_trgm.word_similarity_threshold', %s, true),"
                " set_config('enable_seqscan', %s, true)",
                (
                    str(alone),
                    str(LEAST_WORDS if likeness["category"] else alone),
                    seqscan,
                ),
            )

    def _get_lesson_likeness(self):
        """Hook: return what a lesson may have in common with this case: ids, and the
        words as they are compared."""
        words = similarity_key(self.subject)
        return {
            "product": self.product_id.product_tmpl_id.ids,
            "error_type": self._get_path(self.error_type_id),
            "category": self._get_path(self.category_id),
            "text": self._can_compare_text(words) and words,
        }

    @api.model
    def _get_lesson_candidates(self, likeness):
        """Return subqueries of ids, each short by an index. A category alone isn't
        enough, so it brings none."""
        parts = [
            SQL(
                "SELECT %s FROM %s WHERE %s = ANY(%s)",
                SQL.identifier(field.column1),
                SQL.identifier(field.relation),
                SQL.identifier(field.column2),
                likeness[key],
            )
            for key, field in self._get_lesson_links().items()
            if key != "category" and likeness[key]
        ]
        if words := likeness["text"]:
            unaccent = self.env.registry.unaccent
            parts += [
                SQL(
                    "SELECT id FROM complaint_lesson WHERE %s <%% %s",
                    words,
                    unaccent(SQL.identifier("title_key")),
                ),
                SQL(
                    "SELECT lesson.id FROM complaint_case AS source"
                    " JOIN complaint_lesson AS lesson ON lesson.case_id = source.id"
                    " WHERE %s %% %s AND source.is_confidential IS NOT TRUE",
                    unaccent(SQL.identifier("source", "subject_key")),
                    words,
                ),
            ]
        return parts

    @api.model
    def _get_lesson_links(self):
        """Return {likeness: field of the lesson with the records it is about}."""
        fields_of = self.env["complaint.lesson"]._fields
        return {
            "product": fields_of["product_tmpl_ids"],
            "error_type": fields_of["error_type_ids"],
            "category": fields_of["category_ids"],
        }

    @api.model
    def _get_lesson_score(self, likeness):
        """Return the SQL of how well a row of ``complaint_lesson`` fits."""
        parts = [
            SQL(
                "CASE WHEN EXISTS (SELECT FROM %s AS link"
                " WHERE link.%s = complaint_lesson.id AND link.%s = ANY(%s))"
                " THEN %s ELSE 0 END",
                SQL.identifier(field.relation),
                SQL.identifier(field.column1),
                SQL.identifier(field.column2),
                likeness[key],
                LESSON_WEIGHTS[key],
            )
            for key, field in self._get_lesson_links().items()
            if likeness[key]
        ]
        if likeness["text"]:
            parts.append(
                SQL(
                    "%(weight)s * GREATEST(word_similarity(%(words)s, title_key),"
                    " similarity(%(words)s, source.subject_key))",
                    weight=LESSON_WEIGHTS["text"],
                    words=likeness["text"],
                )
            )
        return SQL("(%s)", SQL(" + ").join(parts))

    @api.model
    def _get_path(self, node):
        """Return the ids from the root of a tree down to a record of it."""
        return [int(part) for part in (node.parent_path or "").split("/") if part]

    # -- applying ------------------------------------------------------------------
    def _apply_lesson(self, lesson):
        """Note that a lesson is applied in this case, once, as the present user."""
        self.ensure_one()
        lesson.ensure_one()
        self._check_may_work()
        lesson.sudo(False).check_access("read")
        lesson._check_published()
        # sudo: nobody has the right to write these lines; it was checked just before
        lines = self.env["complaint.lesson.use"].sudo()
        pair = {"case_id": self.id, "lesson_id": lesson.id}
        if lines.search_count([(k, "=", v) for k, v in pair.items()], limit=1):
            return
        lines.create(
            {**pair, "used_by_id": self.env.uid, "used_at": fields.Datetime.now()}
        )
        self._journal_log("lesson_applied", note=lesson.name)
        lesson.invalidate_recordset(["use_count", "use_ids"])
        self.invalidate_recordset(["lesson_use_ids", "applied_lesson_ids"])

    # -- publishing ----------------------------------------------------------------
    def action_make_lesson(self):
        """Open the lesson of this case; the first time it is drafted from its words."""
        self.ensure_one()
        lessons = self.env["complaint.lesson"]
        lessons.check_access("create")
        self._check_may_work()
        # A second click waits here, see there.
        self._wait_for_nonconformity()
        # sudo: also one that somebody else has drafted
        lesson = self.sudo().lesson_ids[:1]
        if not lesson:
            if not (self.lesson or "").strip():
                raise UserError(
                    self.env._("Write down what %s taught first.", self.name)
                )
            # sudo: the complaint that a lesson is from is guarded; checked above
            lesson = lessons.sudo().create(self._prepare_lesson_vals())
            self.invalidate_recordset(["lesson_ids"])
        return {
            "type": "ir.actions.act_window",
            "res_model": lessons._name,
            "res_id": lesson.id,
            "view_mode": "form",
        }

    def _prepare_lesson_vals(self):
        """Return the draft. The subject is left out: it may name somebody."""
        title, __, text = self.lesson.strip().partition("\n")
        if len(title) > TITLE_LENGTH or not text.strip():
            text = self.lesson.strip()
        if len(title) > TITLE_LENGTH:
            title = title[: TITLE_LENGTH - 1].rstrip() + "…"
        return {
            "name": title,
            "text": text.strip(),
            "case_id": self.id,
            "company_id": self.company_id.id,
            "product_tmpl_ids": [
                fields.Command.set(self.product_id.product_tmpl_id.ids)
            ],
            "error_type_ids": [fields.Command.set(self.error_type_id.ids)],
            "category_ids": [fields.Command.set(self.category_id.ids)],
        }

    # -- merging -------------------------------------------------------------------
    def _merge_lessons(self, survivor, is_same_customer):
        self.with_context(active_test=False).lesson_ids.write({"case_id": survivor.id})
        known = survivor.lesson_use_ids.lesson_id
        uses = self.with_context(active_test=False).lesson_use_ids
        fresh = uses.filtered(lambda u: not u.active or u.lesson_id not in known)
        fresh.write({"case_id": survivor.id})
