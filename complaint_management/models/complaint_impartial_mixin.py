from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from .complaint_validity_mixin import MANAGER_GROUP


class ComplaintImpartialMixin(models.AbstractModel):
    """Whom a complaint is about; they neither handle, judge nor close it (ISO 10002
    4.7).

    A subject may read an ordinary case and write notes on it (they are heard), but
    changes nothing, isn't its owner, doesn't answer the customer, and doesn't see a
    confidential case at all, not even one that they took in. The owner and the
    confidants of a case are checked also when code with all rights writes them.
    """

    _name = "complaint.impartial.mixin"
    _description = "Impartiality"
    _journal_fields = ("subject_user_ids", "subject_team_id", "subject_partner_id")

    subject_user_ids = fields.Many2many(
        "res.users",
        "complaint_case_subject_user_rel",
        string="About employees",
        domain="[('share', '=', False)]",
        help="They neither handle, judge nor close this complaint. When it is "
        "confidential, they don't see it.",
    )
    subject_team_id = fields.Many2one(
        "complaint.team",
        "About team",
        check_company=True,
        index="btree_not_null",
        help="Members of this team neither handle, judge nor close this complaint.",
    )
    subject_partner_id = fields.Many2one(
        "res.partner",
        "About supplier",
        check_company=True,
        index="btree_not_null",
        help="The supplier or service company that the complaint is about.",
    )
    is_about_me = fields.Boolean("About me or my team", compute="_compute_is_about_me")

    @api.depends("subject_user_ids", "subject_team_id", "subject_partner_id")
    @api.depends_context("uid")
    def _compute_is_about_me(self):
        for case in self:
            case.is_about_me = case._is_about(self.env.user)

    # -- who is the subject ----------------------------------------------------------
    def _is_about(self, user):
        """Tell whether the complaint is about a user, their team or their company."""
        self.ensure_one()
        # sudo: the answer decides what others may do, also where they don't see it
        case, user = self.sudo(), user.sudo()
        # _origin: a case that isn't stored yet holds copies of its users
        if user in case.subject_user_ids._origin:
            return True
        if case.subject_team_id and case._belongs_to_subject_team(user):
            return True
        supplier = case.subject_partner_id.commercial_partner_id
        return bool(supplier) and user.partner_id.commercial_partner_id == supplier

    def _belongs_to_subject_team(self, user):
        """Members of the team, but not a manager who leads another team as well."""
        team = self.subject_team_id
        if user == team.leader_id:
            return True
        if user not in team.member_ids:
            return False
        leads_another = user.has_group(MANAGER_GROUP) and self.env[
            "complaint.team"
        ].search_count([("leader_id", "=", user.id), ("id", "!=", team.id)], limit=1)
        return not leads_another

    def _filter_impartial(self, users):
        """Return those of some users whom this complaint isn't about."""
        self.ensure_one()
        # sudo: see _is_about
        case = self.sudo()
        if not (
            case.subject_user_ids or case.subject_team_id or case.subject_partner_id
        ):
            return users
        return users.filtered(lambda user: not case._is_about(user))

    # -- what is refused ---------------------------------------------------------------
    @api.constrains(
        *("user_id", "confidential_user_ids"),
        *("subject_user_ids", "subject_team_id", "subject_partner_id"),
    )
    def _check_owner_is_impartial(self):
        for case in self:
            # sudo: names of the people concerned, for the message
            people = case.sudo().user_id | case.sudo().confidential_user_ids
            if partial := people - case._filter_impartial(people):
                raise ValidationError(
                    self.env._(
                        "%(case)s is about %(people)s or their team, so they can't be "
                        "its owner or see it as a named person. Choose somebody else "
                        "first.",
                        case=case.name,
                        people=", ".join(partial.mapped("name")),
                    )
                )

    @api.constrains("subject_partner_id", "company_id")
    def _check_subject_is_no_own_company(self):
        for case in self:
            supplier = case.subject_partner_id.commercial_partner_id
            if supplier and supplier == case.sudo().company_id.partner_id:
                raise ValidationError(
                    self.env._(
                        "A complaint about your own company names the employees or "
                        "the team."
                    )
                )

    def _check_impartial(self):
        """Refuse whoever the complaint is about, unless code with all rights acts."""
        if self.env.su:
            return
        for case in self:
            if case._is_about(self.env.user):
                raise AccessError(
                    self.env._(
                        "%s is about you or your team, so a colleague works on it. "
                        "You can write down your view as a note.",
                        case.sudo().name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        cases = super().create(vals_list)
        for case in cases.filtered("is_confidential"):
            if not self.env.su and case._is_about(self.env.user):
                raise UserError(
                    self.env._(
                        "A confidential complaint about yourself or your team is "
                        "taken in by a colleague: you could not see it."
                    )
                )
        return cases

    def write(self, vals):
        # Who has no right at all isn't told which cases there are.
        self.browse().check_access("write")
        self._check_impartial()
        return super().write(vals)

    def _message_post_after_hook(self, message, msg_values):
        if self._is_answer_by_person(message):
            self._check_impartial()
        return super()._message_post_after_hook(message, msg_values)

    def _merge_subjects(self, survivor, is_same_customer):
        """Whom either complaint was about, the one that stays is about."""
        vals = {
            "subject_user_ids": [Command.link(i) for i in self.subject_user_ids.ids]
        }
        for name in ("subject_team_id", "subject_partner_id"):
            if self[name] and not survivor[name]:
                vals[name] = self[name].id
        survivor.write(vals)
