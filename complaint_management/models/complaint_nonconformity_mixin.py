from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

# What nonconformities.create gets is long enough for this many numbers.
NUMBERS_NAMED = 20


class ComplaintNonconformityMixin(models.AbstractModel):
    """Moves a case on to the nonconformity module, by button or by rule."""

    _name = "complaint.nonconformity.mixin"
    _description = "Transfer to Nonconformity"
    _inherit = [
        "complaint.nonconformity.file.mixin",
        "complaint.nonconformity.queue.mixin",
        "complaint.nonconformity.link.mixin",
    ]

    nonconformity_ids = fields.Many2many(
        "mgmtsystem.nonconformity",
        "complaint_case_nonconformity_rel",
        "case_id",
        "nonconformity_id",
        "Nonconformities",
        copy=False,
    )
    nonconformity_count = fields.Integer(
        "Number of nonconformities",
        compute="_compute_nonconformity_count",
        compute_sudo=True,
    )

    @api.depends("nonconformity_ids")
    def _compute_nonconformity_count(self):
        """The number is no secret to whoever reads the case."""
        for case in self:
            case.nonconformity_count = len(case.nonconformity_ids)

    # -- the button ----------------------------------------------------------------
    def action_transfer_nonconformity(self):
        """Create the nonconformity of this case, once, and open it."""
        self.ensure_one()
        self._check_may_link()
        self._wait_for_nonconformity()
        # sudo: one that the user can't read is one too
        if not self.sudo().nonconformity_ids:
            self._check_open_for_nonconformity()
            self._create_nonconformity()
        return self.action_open_nonconformities()

    def _wait_for_nonconformity(self):
        """A second click, or a second worker, waits here until the first one is done.

        Then PostgreSQL tells that the case was changed meanwhile; Odoo repeats the
        request, and it finds the nonconformity. ``lock_for_update`` would not wait but
        show an error to somebody who clicked twice.
        """
        self.flush_recordset()
        self.env.cr.execute(
            SQL(
                "SELECT id FROM complaint_case WHERE id = ANY(%s)"
                " ORDER BY id FOR NO KEY UPDATE",
                self.ids,
            ),
            # The conflict is expected and repeated; it is no error of ours.
            log_exceptions=False,
        )
        self.invalidate_recordset(["nonconformity_ids"])

    def _check_open_for_nonconformity(self):
        for case in self:
            if not case.is_open:
                raise UserError(
                    self.env._("%s has ended. Re-open it first.", case.name)
                )

    # -- making it -----------------------------------------------------------------
    def _create_nonconformity(self, rule=None, words=None, is_another=False):
        """Make the nonconformity of these cases (usually one).

        :param rule: the complaint.nonconformity.rule that asks for it; None: a person
        :param dict words: name and description that a person gave
        :param bool is_another: these cases have one already and get one more
        """
        vals = self._prepare_nonconformity_vals() | (words or {})
        if is_another:
            vals["complaint_transfer_case_id"] = False
        nonconformity = self._insert_nonconformity(vals)
        # sudo: what follows is written by the transfer only, which checked the right
        self.sudo().write({"nonconformity_move": "done"})
        self._join_nonconformity(nonconformity)
        note = nonconformity.sudo().ref
        self._journal_log(
            "nonconformity_created", note=f"{note} ({rule.name})" if rule else note
        )
        for case in self:
            case.message_post(
                body=self.env._("Moved on to nonconformity %s.", note)
                if not rule
                else self.env._(
                    "Moved on to nonconformity %(ref)s by the rule “%(rule)s”.",
                    ref=note,
                    rule=rule.name,
                )
            )
        return nonconformity

    def _insert_nonconformity(self, vals):
        """The one place that calls their ``create`` (mgmtsystem_nonconformity 19.0).

        It overwrites ``ref`` with the next number of the present company's sequence,
        whatever is given, changes the dicts it gets, and fails without a word when that
        company has no sequence. So a nonconformity is known again by
        ``complaint_transfer_case_id``, never by ``ref``, and the company is that of the
        case, not the one that the user happens to work in.
        """
        company = self.company_id
        model = self.env["mgmtsystem.nonconformity"].with_company(company)
        # sudo: a sequence may be read by administrators only; it is only looked for
        sequences = self.env["ir.sequence"].sudo()
        code = "mgmtsystem.nonconformity"
        if not sequences.search_count(
            [("code", "=", code), ("company_id", "in", (False, company.id))], limit=1
        ):
            raise UserError(
                self.env._(
                    "%s has no sequence for the numbers of nonconformities.",
                    company.name,
                )
            )
        # sudo: the field that remembers the case is guarded; whether the user may
        # create was checked by the caller, a rule acts for the company
        nonconformity = model.sudo().create({**vals, "user_id": self.env.uid})
        return nonconformity.with_env(self.env)

    def _prepare_nonconformity_vals(self):
        first = self.sorted("received_at")[:1]
        company = first.company_id
        mapping = self.env["complaint.nonconformity.mapping"]._get_values(first)
        people = first._get_nonconformity_people(mapping)
        severity = mapping["severity_id"] or company.complaint_nc_severity_id
        return {
            **self._prepare_nonconformity_words(),
            "partner_id": self._get_nonconformity_partner().id,
            "reference": self._get_nonconformity_reference(),
            "responsible_user_id": people["responsible"].id,
            "manager_user_id": people["manager"].id,
            "origin_ids": [
                fields.Command.set(first._get_nonconformity_origin(mapping).ids)
            ],
            "severity_id": severity.id,
            "system_id": mapping["system_id"].id,
            "procedure_ids": [fields.Command.set(mapping["procedure_ids"].ids)],
            "company_id": company.id,
            "res_model": self._name,
            "res_id": first.id,
            "complaint_transfer_case_id": first.id if len(self) == 1 else False,
        }

    def _prepare_nonconformity_words(self):
        """Return name, description and analysis. More people read nonconformities than
        cases, so the words of a confidential case stay there, and several customers
        don't read of each other."""
        if self.filtered("is_confidential"):
            name = self.env._("Confidential complaint %s", self._name_numbers())
            text = self.env._(
                "The facts are in the complaint. Its owner tells those who need them."
            )
            return {"name": name, "description": text, "analysis": False}
        if len(self) > 1:
            return self._prepare_joint_words()
        return {
            "name": self.subject,
            "description": self.description or self.subject,
            "analysis": self.root_cause,
        }

    def _prepare_joint_words(self):
        """Words for several cases: what they have in common, and their numbers."""
        common = [
            record.display_name
            for record in (self.product_id, self.error_type_id, self.category_id)
            if len(record) == 1
        ]
        name = ", ".join(common) or self.env._("Several complaints")
        numbers = self._name_numbers()
        text = self.env._(
            "%(what)s. Complaints: %(numbers)s", what=name, numbers=numbers
        )
        return {"name": name, "description": text, "analysis": False}

    def _name_numbers(self):
        names = self.sorted("received_at").mapped("name")
        rest = len(names) - NUMBERS_NAMED
        text = ", ".join(names[:NUMBERS_NAMED])
        if rest > 0:
            return self.env._(
                "%(numbers)s and %(count)s more", numbers=text, count=rest
            )
        return text

    def _get_nonconformity_reference(self):
        return self._name_numbers()

    def _get_nonconformity_partner(self):
        """Return whom it is about: their module needs a partner. Several customers, an
        unknown one and one that is confidential are the company itself."""
        customers = self.partner_id
        known = len(customers) == 1 and all(case.partner_id for case in self)
        if known and not self.filtered("is_confidential"):
            return customers
        return self.company_id.partner_id

    def _get_nonconformity_people(self, mapping):
        """Return {"responsible": user, "manager": user}; nobody whom the complaint is
        about, nobody who has left."""
        self.ensure_one()
        company = self.company_id
        responsible = self._pick_person(
            mapping["responsible_user_id"],
            company.complaint_nc_responsible_id,
            self.user_id,
            self.team_id.leader_id,
            self.env.user,
        )
        manager = self._pick_person(
            mapping["manager_user_id"],
            company.complaint_nc_manager_id,
            self.team_id.leader_id,
            responsible,
        )
        if not responsible:
            raise UserError(
                self.env._(
                    "Nobody is responsible for the nonconformity of %s. Give the "
                    "complaint an owner, or name somebody in the complaint settings.",
                    self.name,
                )
            )
        return {"responsible": responsible, "manager": manager}

    def _pick_person(self, *candidates):
        """Return the first of some users who can do it."""
        for user in candidates:
            # sudo: whether somebody has left may be read by everybody who chooses them
            if user.sudo().active and self._filter_impartial(user):
                return user
        return self.env["res.users"]

    def _get_nonconformity_origin(self, mapping):
        origin = (
            mapping["origin_id"]
            or self.company_id.complaint_nc_origin_id
            or self.env.ref(
                "mgmtsystem_nonconformity.nc_origin_external_client",
                raise_if_not_found=False,
            )
        )
        if not origin:
            raise UserError(
                self.env._(
                    "Choose the origin for nonconformities in the complaint settings."
                )
            )
        return origin

    def action_open_nonconformities(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "mgmtsystem_nonconformity.open_mgmtsystem_nonconformity_list"
        )
        action["domain"] = [("id", "in", self.nonconformity_ids.ids)]
        action["context"] = {}
        if len(self.nonconformity_ids) == 1:
            action |= {
                "views": [(False, "form")],
                "view_mode": "form",
                "res_id": self.nonconformity_ids.id,
            }
        return action
