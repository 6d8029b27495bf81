from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools.text_key import similarity_key

# Longer texts are found by their beginning.
KEY_LENGTH = 1000
# With a whole text the comparison of words takes seconds.
TITLE_LENGTH = 80
HANDLER_GROUP = "complaint_management.complaint_group_handler"


class ComplaintLesson(models.Model):
    """What one case taught, for everybody who meets the like of it.

    It is a record of its own with words of its own: who publishes it leaves out what
    nobody else should read. A lesson from a case under legal hold keeps title, words
    and scope, because it may prove what was known; it can still be published, retired
    and tagged, and nothing of that touches the case.
    """

    _name = "complaint.lesson"
    _description = "Lesson Learned"
    _inherit = ["complaint.hold.mixin", "complaint.guard.mixin", "mail.thread"]
    _order = "published_at desc, id desc"
    _check_company_auto = True
    _hold_cases_sql = "SELECT rec.case_id"
    _hold_free_fields = (
        *("state", "active", "tag_ids", "published_by_id", "published_at"),
    )
    _guarded_fields = (
        *("state", "case_id", "published_by_id", "published_at", "version"),
    )

    name = fields.Char("Title", required=True, tracking=True)
    text = fields.Text(
        "What to know",
        required=True,
        tracking=True,
        help="What happened, why, and what to do. No names of customers.",
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("published", "Published"),
            ("retired", "Retired"),
        ],
        "Status",
        required=True,
        readonly=True,
        default="draft",
        tracking=True,
        copy=False,
        index=True,
    )
    version = fields.Integer(
        readonly=True,
        required=True,
        default=1,
        copy=False,
        help="Goes up when a published lesson is changed: then it is read again.",
    )
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        index="btree_not_null",
        default=lambda self: self.env.company,
        help="Empty: for all companies.",
    )
    case_id = fields.Many2one(
        "complaint.case",
        "From complaint",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    product_tmpl_ids = fields.Many2many(
        "product.template", string="Products", check_company=True
    )
    error_type_ids = fields.Many2many(
        "complaint.error.type",
        string="Error types",
        check_company=True,
        help="Sub-types count too.",
    )
    category_ids = fields.Many2many(
        "complaint.category",
        string="Categories",
        check_company=True,
        help="Sub-categories count too.",
    )
    process = fields.Char(help="Part of the work that it is about, such as packing.")
    tag_ids = fields.Many2many("mgmtsystem.action.tag", string="Tags")
    published_by_id = fields.Many2one(
        "res.users", "Published by", readonly=True, copy=False
    )
    published_at = fields.Datetime("Published on", readonly=True, copy=False)
    search_key = fields.Char(
        "Words for comparison",
        compute="_compute_search_key",
        store=True,
        precompute=True,
        index="trigram",
    )
    title_key = fields.Char(
        "Title for comparison",
        compute="_compute_search_key",
        store=True,
        precompute=True,
        index="trigram",
    )
    search_text = fields.Char(
        "Words", compute="_compute_search_text", search="_search_search_text"
    )
    read_ids = fields.One2many("complaint.lesson.read", "lesson_id", "Read by")
    use_ids = fields.One2many("complaint.lesson.use", "lesson_id", "Applied in")
    use_count = fields.Integer(
        "Times applied", compute="_compute_counts", compute_sudo=True
    )
    read_count = fields.Integer("Readers", compute="_compute_counts", compute_sudo=True)
    is_read = fields.Boolean(
        "Read by me", compute="_compute_is_read", search="_search_is_read"
    )
    unread_user_ids = fields.Many2many(
        "res.users",
        string="Not read yet by",
        compute="_compute_unread_user_ids",
        groups="complaint_management.complaint_group_investigator,"
        "complaint_management.complaint_group_auditor",
    )

    _words_given = models.Constraint(
        "CHECK(btrim(text) <> '')", "A lesson needs words."
    )

    # -- computed fields -----------------------------------------------------------
    @api.depends("name", "text", "process")
    def _compute_search_key(self):
        for lesson in self:
            words = filter(None, (lesson.name, lesson.process, lesson.text))
            key = similarity_key("\n".join(words))
            lesson.search_key = key[:KEY_LENGTH]
            lesson.title_key = key[:TITLE_LENGTH]

    def _compute_search_text(self):
        self.search_text = False

    @api.model
    def _search_search_text(self, operator, value):
        """Find words however they are typed: with or without accents, in Arabic or
        Persian letters."""
        if operator != "ilike":
            return NotImplemented
        words = similarity_key(value).split()
        return [("search_key", "ilike", word) for word in words]

    @api.depends("use_ids", "read_ids")
    def _compute_counts(self):
        """How many, also of complaints that the user can't read."""
        uses = self._count_lines("complaint.lesson.use")
        reads = self._count_lines("complaint.lesson.read", by_version=True)
        for lesson in self:
            lesson.use_count = uses.get(lesson._origin.id, 0)
            lesson.read_count = reads.get((lesson._origin.id, lesson.version), 0)

    def _count_lines(self, model, by_version=False):
        groupby = ["lesson_id", "version"] if by_version else ["lesson_id"]
        rows = self.env[model]._read_group(
            [("lesson_id", "in", self._origin.ids)], groupby, ["__count"]
        )
        if by_version:
            return {(lesson.id, version): count for lesson, version, count in rows}
        return {lesson.id: count for lesson, count in rows}

    @api.depends("read_ids", "version")
    @api.depends_context("uid")
    def _compute_is_read(self):
        read = set(self._get_read_ids()) if self.ids else set()
        for lesson in self:
            lesson.is_read = lesson._origin.id in read

    @api.model
    def _search_is_read(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        wanted = (True in value) == (operator == "in")
        return [("id", "in" if wanted else "not in", self._get_read_ids())]

    @api.model
    def _get_read_ids(self):
        """Return the ids of the lessons that the user has read as they stand now."""
        self.env["complaint.lesson.read"].flush_model()
        self.flush_model(["version"])
        rows = self.env.execute_query(
            SQL(
                "SELECT r.lesson_id FROM complaint_lesson_read AS r"
                " JOIN complaint_lesson AS l"
                " ON l.id = r.lesson_id AND l.version = r.version"
                " WHERE r.user_id = %s",
                self.env.uid,
            )
        )
        return [row[0] for row in rows]

    @api.depends("read_ids", "version", "company_id", "state")
    def _compute_unread_user_ids(self):
        handlers = self._get_readers_wanted()
        for lesson in self:
            reads = lesson.read_ids.filtered(lambda r, x=lesson: r.version == x.version)
            users = handlers - reads.user_id
            if lesson.company_id:
                users = users.filtered(
                    lambda u, x=lesson: x.company_id in u.company_ids
                )
            is_asked = lesson.state == "published"
            lesson.unread_user_ids = users if is_asked else False

    @api.model
    def _get_readers_wanted(self):
        """Hook: return who should read lessons: everybody who handles complaints."""
        # sudo: who has which role may be known to those who see the readers
        group = self.env.ref(HANDLER_GROUP)
        return (
            self.env["res.users"]
            .sudo()
            .search([("all_group_ids", "in", group.ids), ("share", "=", False)])
        )

    # -- CRUD ----------------------------------------------------------------------
    def write(self, vals):
        changed = self.filtered(
            lambda lesson: (
                lesson.state == "published"
                and any(n in vals and vals[n] != lesson[n] for n in ("name", "text"))
            )
        )
        result = super().write(vals)
        for lesson in changed:
            # sudo: guarded; follows from the change, which was just allowed
            lesson.sudo().version += 1
        if changed and not self.env.su:
            # Who changes the words knows them.
            changed.action_mark_read()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        for lesson in self:
            if lesson.state != "draft" or lesson.published_at:
                raise UserError(
                    self.env._(
                        "“%s” has been published, so others rely on it. Retire it "
                        "instead.",
                        lesson.name,
                    )
                )

    # -- life ----------------------------------------------------------------------
    def action_publish(self):
        """Let everybody of the company read these, as an investigator or manager."""
        self.sudo(False).check_access("write")
        # Who can't read the complaint can't judge what of it may be told.
        self.case_id.sudo(False).check_access("read")
        for lesson in self.filtered(lambda lesson: lesson.state != "published"):
            # sudo: guarded; the right was checked above
            lesson.sudo().write(
                {
                    "state": "published",
                    "published_by_id": self.env.uid,
                    "published_at": fields.Datetime.now(),
                }
            )
            lesson.case_id._journal_log("lesson_published", note=lesson.name)
        if not self.env.su:
            self.action_mark_read()

    def action_retire(self):
        """It isn't true any more: it stays readable and is suggested no more."""
        self.sudo(False).check_access("write")
        for lesson in self:
            if lesson.state != "published":
                raise UserError(self.env._("“%s” isn't published.", lesson.name))
        # sudo: guarded; the right was checked above
        self.sudo().write({"state": "retired"})
        for lesson in self.sudo().filtered("case_id"):
            lesson.case_id._journal_log("lesson_retired", note=lesson.name)

    def _check_published(self):
        for lesson in self:
            if lesson.state != "published":
                raise UserError(self.env._("“%s” isn't published.", lesson.name))

    def action_mark_read(self):
        """The present user has read these, as they stand now."""
        self.check_access("read")
        self._check_published()
        fresh = self.filtered(lambda lesson: not lesson.is_read)
        # sudo: nobody has the right to write receipts; each writes their own here
        self.env["complaint.lesson.read"].sudo().create(
            [
                {
                    "lesson_id": lesson.id,
                    "version": lesson.version,
                    "user_id": self.env.uid,
                    "read_at": fields.Datetime.now(),
                }
                for lesson in fresh
            ]
        )
        self.invalidate_recordset(["is_read", "read_count", "read_ids"])

    def action_apply(self):
        """Button in the list of a case: this lesson is applied there."""
        self.ensure_one()
        case_id = self.env.context.get("complaint_id")
        if not isinstance(case_id, int):
            raise UserError(self.env._("Open the complaint and apply it there."))
        self.env["complaint.case"].browse(case_id)._apply_lesson(self)

    def action_open_uses(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "complaint_management.complaint_case_action"
        )
        domain = [("lesson_use_ids.lesson_id", "=", self.id)]
        return {**action, "domain": domain, "context": {}}
