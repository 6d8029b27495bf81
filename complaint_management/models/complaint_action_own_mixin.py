from odoo import api, fields, models
from odoo.exceptions import AccessError

# Who works on the action register as a whole; everybody else only on what names them.
REGISTER_GROUPS = (
    "mgmtsystem.group_mgmtsystem_user",
    "complaint_management.complaint_group_handler",
)
# What somebody outside of the register writes, by what they are for an action.
OWN_FIELDS = {
    "user_id": {"stage_id", "date_deadline"},
    "verifier_id": {"verification_note", "verification_attachment_ids"},
    "effectiveness_checker_id": {
        "effectiveness_result",
        "effectiveness_note",
        "effectiveness_measured",
        "effectiveness_attachment_ids",
    },
}
# What the form asks, to know whether the user is the one.
OWN_FLAGS = {"user_id": "is_owner", "verifier_id": "is_verifier"}
# Only code that imports this object writes what follows from an own field.
OWN_WRITE_SENTINEL = object()


class ComplaintActionOwnMixin(models.AbstractModel):
    """Any employee may be asked to act: who has no role in the register opens the
    actions that name them, and writes of them only their own part.

    The rules of the model say which actions these are; here it is said which fields.
    """

    _name = "complaint.action.own.mixin"
    _description = "Own Actions of Any Employee"

    # Its owner may move it, so that a trace has to stay.
    date_deadline = fields.Date(tracking=True)
    is_owner = fields.Boolean(compute="_compute_is_own")
    is_verifier = fields.Boolean(compute="_compute_is_own")

    @api.depends(*OWN_FLAGS)
    @api.depends_context("uid")
    def _compute_is_own(self):
        for action in self:
            for who, flag in OWN_FLAGS.items():
                action[flag] = action[who] == self.env.user

    @api.depends("name", "reference")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_display_name(self):
        """Who may not read an action sees its number where another one names it."""
        readable = self.sudo(False)._filtered_access("read")
        for action in self:
            action.display_name = (
                action.name if action in readable else action.reference
            )

    @api.model
    def _is_of_register(self):
        """Hook: tell whether the user works on actions that don't name them."""
        user = self.env.user
        return self.env.su or any(user.has_group(name) for name in REGISTER_GROUPS)

    def write(self, vals):
        follows = self.env.context.get("complaint_own_write") is OWN_WRITE_SENTINEL
        if follows or self._is_of_register():
            return super().write(vals)
        self._check_own_write(vals)
        writer = self.with_context(complaint_own_write=OWN_WRITE_SENTINEL)
        return super(ComplaintActionOwnMixin, writer).write(vals)

    def _check_own_write(self, vals):
        for action in self:
            allowed = action._get_own_fields()
            if denied := vals.keys() - allowed:
                names = [
                    self._fields[name]._description_string(self.env)
                    for name in sorted(denied)
                    if name in self._fields
                ]
                raise AccessError(
                    self.env._(
                        "“%(fields)s” of “%(action)s” is changed by the people of the "
                        "action register. Write a message in the action to ask them.",
                        fields=", ".join(names),
                        action=action.display_name,
                    )
                )
        self._check_own_stage(vals.get("stage_id"))

    def _get_own_fields(self):
        """Hook: return the names of the fields that the user writes of this action."""
        return set().union(
            *(names for who, names in OWN_FIELDS.items() if self[who] == self.env.user)
        )

    def _check_own_stage(self, stage_id):
        """Whoever is asked to act reports it as done; others call it off."""
        stage = self.env["mgmtsystem.action.stage"].browse(stage_id or [])
        if self and stage.is_cancelled:
            raise AccessError(
                self.env._(
                    "“%s” is called off by the people of the action register. Write a "
                    "message in the action that says why.",
                    self[0].display_name,
                )
            )

    # -- the form ---------------------------------------------------------------
    @api.model
    def _get_view_cache_key(self, view_id=None, view_type="form", **options):
        key = super()._get_view_cache_key(view_id, view_type, **options)
        return key + (self._is_of_register(),)

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        """Outside of the register the form writes one's own part only."""
        arch, view = super()._get_view(view_id, view_type, **options)
        if view_type == "form" and not self._is_of_register():
            flags = {
                name: flag
                for who, flag in OWN_FLAGS.items()
                for name in OWN_FIELDS[who]
            }
            for node in arch.iter("field"):
                flag = flags.get(node.get("name"))
                others = [node.get("readonly"), flag and f"not {flag}"]
                never = " or ".join(f"({part})" for part in others if part)
                node.set("readonly", never if flag else "1")
        return arch, view
