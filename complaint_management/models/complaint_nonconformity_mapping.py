from odoo import api, fields, models

from .complaint_triage_mixin import PRIORITIES


class ComplaintNonconformityMapping(models.Model):
    """What a nonconformity that is made from a case of some kind gets.

    Of the lines that fit, the most specific one that names a thing decides on it: error
    type before category before priority, the nearest in a tree first, a line of the
    company before a shared one. What no line names comes from the settings.
    """

    _name = "complaint.nonconformity.mapping"
    _description = "Values of Nonconformities"
    _inherit = ["complaint.company.mixin"]

    category_id = fields.Many2one(
        "complaint.category",
        check_company=True,
        index="btree_not_null",
        help="Sub-categories count too. Empty: every category.",
    )
    error_type_id = fields.Many2one(
        "complaint.error.type",
        "Error type",
        check_company=True,
        index="btree_not_null",
        help="Sub-types count too. Empty: every error type.",
    )
    priority = fields.Selection(PRIORITIES, help="Empty: every priority.")
    origin_id = fields.Many2one("mgmtsystem.nonconformity.origin")
    severity_id = fields.Many2one("mgmtsystem.nonconformity.severity")
    system_id = fields.Many2one("mgmtsystem.system", check_company=True)
    responsible_user_id = fields.Many2one(
        "res.users",
        "Responsible",
        domain="[('share', '=', False)]",
        check_company=True,
        help="Empty: what a less specific line or the settings say, else the owner of "
        "the complaint.",
    )
    manager_user_id = fields.Many2one(
        "res.users",
        "Manager",
        domain="[('share', '=', False)]",
        check_company=True,
        help="Empty: what a less specific line or the settings say, else the leader of "
        "the team.",
    )
    procedure_ids = fields.Many2many(
        "document.page",
        "complaint_nonconformity_mapping_page_rel",
        "mapping_id",
        "page_id",
        "Procedures",
        groups="document_knowledge.group_document_user",
    )

    _line_unique = models.UniqueIndex(
        "(COALESCE(company_id, 0), COALESCE(category_id, 0),"
        " COALESCE(error_type_id, 0), COALESCE(priority, '')) WHERE active",
        "There is a line for this category, error type and priority already.",
    )

    @api.depends("category_id", "error_type_id", "priority")
    def _compute_display_name(self):
        labels = dict(self._fields["priority"]._description_selection(self.env))
        for line in self:
            parts = [
                line.error_type_id.display_name,
                line.category_id.display_name,
                labels.get(line.priority),
            ]
            line.display_name = ", ".join(filter(None, parts)) or self.env._(
                "All complaints"
            )

    @api.model
    def _get_values(self, case):
        """Return {field: record or records} for the nonconformity of a case; what no
        line names is empty. One search.

        :param case: one complaint.case
        """
        # sudo: the lines decide, whoever may read them and the procedures
        lines = self.sudo().search(
            [("company_id", "in", (False, case.company_id.id)), ("active", "=", True)]
        )
        ranks = {line: rank for line in lines if (rank := line._get_rank(case))}
        fitting = lines.filtered(lambda line: line in ranks)
        fitting = fitting.sorted(lambda line: ranks[line], reverse=True)
        return {name: self._pick(fitting, name) for name in self._get_value_fields()}

    @api.model
    def _get_value_fields(self):
        """Hook: return the fields that a line decides on."""
        return [
            *("origin_id", "severity_id", "system_id"),
            *("responsible_user_id", "manager_user_id", "procedure_ids"),
        ]

    @api.model
    def _pick(self, lines, name):
        """Return the value of the first line that has one which isn't archived."""
        for line in lines:
            value = line[name]
            if "active" in value._fields:
                value = value.filtered("active")
            if value:
                return value
        return lines.browse()[name]

    def _get_rank(self, case):
        """Return how closely this line fits a case, None when it doesn't."""
        self.ensure_one()
        ranks = []
        for wanted, present in (
            (self.error_type_id, case.error_type_id),
            (self.category_id, case.category_id),
        ):
            path = (present.parent_path or "").strip("/").split("/")
            if wanted and str(wanted.id) not in path:
                return None
            ranks.append(1 + path.index(str(wanted.id)) if wanted else 0)
        if self.priority and self.priority != case.priority:
            return None
        return *ranks, bool(self.priority), bool(self.company_id)
