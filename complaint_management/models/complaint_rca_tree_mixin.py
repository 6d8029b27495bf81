from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import ValidationError

STEP = 10


class ComplaintRcaTreeMixin(models.AbstractModel):
    """Lines that branch: each may stand below another one of the same host.

    The model declares ``parent_id`` and ``child_ids``. ``sequence`` follows the tree,
    so that a plain list shows the lines in the order in which they are read.
    ``place`` is how a screen says where a new line goes before the line above it has
    an id.
    """

    _name = "complaint.rca.tree.mixin"
    _description = "Tree in a Root Cause Analysis"
    _inherit = "complaint.rca.line.mixin"
    # It only follows the tree; what a line says and where it hangs stays.
    _hold_free_fields = ("sequence",)

    sequence = fields.Integer(default=0)
    number = fields.Char("No.", compute="_compute_number")
    place = fields.Selection(
        [
            ("below", "asks on"),
            ("beside", "beside it"),
            ("top", "starts anew"),
        ],
        "Where",
        store=False,
        help="How a new line goes on from the line above it.",
    )

    @api.depends("parent_id", "sequence", "res_model", "res_id")
    def _compute_number(self):
        """1, 1.1, 1.2, 1.2.1 …; a line that isn't saved yet has none."""
        numbers = dict(self._origin._get_lines_of_hosts()._walk())
        for line in self:
            line.number = numbers.get(line._origin, "")

    def _walk(self):
        """Yield (line, number) of whole trees, each line before those below it."""
        below = defaultdict(list)
        for line in self:
            parent = line.parent_id if line.parent_id in self else self.browse()
            below[line._get_host_key(), parent].append(line)

        def walk(key, parent, prefix):
            for rank, line in enumerate(below[key, parent], 1):
                number = f"{prefix}.{rank}" if prefix else str(rank)
                yield line, number
                yield from walk(key, line, number)

        for key in dict.fromkeys(line._get_host_key() for line in self):
            yield from walk(key, self.browse(), "")

    # -- constraints ---------------------------------------------------------------
    @api.constrains("parent_id", "res_model", "res_id")
    def _check_tree(self):
        if self._has_cycle():
            raise ValidationError(
                self.env._("A line can't stand below itself or below its own branch.")
            )
        for line in self | self.child_ids:
            if (
                line.parent_id
                and line._get_host_key() != line.parent_id._get_host_key()
            ):
                raise ValidationError(
                    self.env._(
                        "“%s” stands below a line of another record.", line.display_name
                    )
                )

    # -- CRUD ----------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [dict(vals) for vals in vals_list]
        places = [vals.pop("place", False) for vals in vals_list]
        self._append(vals_list)
        if any(places):
            lines = self._create_in_places(vals_list, places)
        else:
            lines = super().create(vals_list)
        lines._arrange()
        return lines

    @api.model
    def _create_in_places(self, vals_list, places):
        """Create lines one after the other, each where its place says, seen from the
        line above: they come from a screen, and on a held host a line that is there
        can't be put somewhere else any more."""
        above, lines = self._get_last_lines(vals_list), self.browse()
        for vals, place in zip(vals_list, places, strict=True):
            key = vals.get("res_model"), vals.get("res_id")
            last = above.get(key)
            if last and place in ("below", "beside") and not vals.get("parent_id"):
                parent = last if place == "below" else last.parent_id
                vals |= self._prepare_place(parent)
            above[key] = super().create([vals])
            lines |= above[key]
        return lines

    @api.model
    def _get_last_lines(self, vals_list):
        """Return {(model, id) of a host: the line that is read last there}."""
        found = self.search(
            [
                ("res_model", "in", [vals.get("res_model") for vals in vals_list]),
                ("res_id", "in", [vals.get("res_id") for vals in vals_list]),
            ]
        )
        return {line._get_host_key(): line for line, __ in found._walk()}

    def write(self, vals):
        result = super().write(vals)
        if {"parent_id", "sequence", "res_id"} & vals.keys():
            self._arrange()
        return result

    def unlink(self):
        """What stands below a deleted line moves up to the line above that one."""
        for child in self.child_ids - self:
            parent = child.parent_id
            while parent in self:
                parent = parent.parent_id
            child.parent_id = parent
        self.invalidate_model(["number"], flush=False)
        return super().unlink()

    @api.model
    def _append(self, vals_list):
        """New lines go to the end of their host unless they say where."""
        loose = [vals for vals in vals_list if not vals.get("sequence")]
        ids = {vals.get("res_id") for vals in loose}
        # sudo: only the highest number of each host is read
        last = {
            (res_model, res_id): sequence
            for res_model, res_id, sequence in self.sudo()._read_group(
                [("res_id", "in", [*ids])], ["res_model", "res_id"], ["sequence:max"]
            )
        }
        for vals in loose:
            key = vals.get("res_model"), vals.get("res_id")
            last[key] = vals["sequence"] = (last.get(key) or 0) + STEP

    @api.model
    def _prepare_place(self, parent):
        """Hook: return what a line takes over from the one that it goes below."""
        return {"parent_id": parent.id}

    def _arrange(self):
        """Let the sequence follow the tree; nothing is written while it does."""
        self.invalidate_model(["number"], flush=False)
        lines = self._get_lines_of_hosts()
        walked = [line for line, __ in lines._walk()]
        if walked == [
            *lines.sorted(lambda line: (*line._get_host_key(), line.sequence))
        ]:
            return
        for rank, line in enumerate(walked, 1):
            if line.sequence != rank * STEP:
                super(ComplaintRcaTreeMixin, line).write({"sequence": rank * STEP})

    # -- buttons -------------------------------------------------------------------
    def action_add_below(self):
        """Open the form of a new line below this one."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": self._name,
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_res_model": self.res_model,
                "default_res_id": self.res_id,
                "default_parent_id": self.id,
                **self._get_defaults_below(),
            },
        }

    def _get_defaults_below(self):
        """Hook: return further defaults of a line below this one."""
        return {}
