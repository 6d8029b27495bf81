from collections import defaultdict

from markupsafe import Markup

from odoo import api, fields, models

from ..tools.fishbone import Branch, Cause, fishbone_html, fishbone_svg

# Room for a drawing on a printed page (A4, measured), in pixels of wkhtmltopdf.
PRINT_SIZE = (940, 920)


class ComplaintFishboneMixin(models.AbstractModel):
    """Possible causes on the branches of a fishbone (Ishikawa), and their drawing.

    The drawing follows the form while causes are typed in, so it is made from the lines
    as they stand there, saved or not. ``_fishbone_problem_field`` names the field of
    the host that says what the problem is.
    """

    _name = "complaint.fishbone.mixin"
    _description = "Fishbone of Causes"
    _complaint_host_of = ("complaint.rca.cause",)
    _fishbone_problem_field = "subject"

    cause_ids = fields.One2many(
        "complaint.rca.cause",
        "res_id",
        "Possible causes",
        domain=lambda self: [("res_model", "=", self._name)],
    )
    fishbone = fields.Html(
        compute="_compute_fishbone", sanitize=False, exportable=False
    )

    @api.depends(lambda self: self._get_fishbone_depends())
    @api.depends_context("lang")
    def _compute_fishbone(self):
        for host, drawing in self._get_fishbones():
            host.fishbone = Markup(fishbone_svg(**drawing))

    @api.model
    def _get_fishbone_depends(self):
        parts = ("name", "branch_id", "parent_id", "sequence", "verdict", "weight")
        named = [self._fishbone_problem_field, "company_id"]
        return [name for name in named if name in self._fields] + [
            f"cause_ids.{part}" for part in parts
        ]

    def _get_fishbone_print(self):
        """Return the drawing for a printed report, in the language of the context."""
        self.ensure_one()
        ((__, drawing),) = self._get_fishbones()
        return self._draw_for_print(drawing)

    @api.model
    def _draw_for_print(self, drawing):
        """Return a drawing of ``_get_fishbones``, as large as fits on a page."""
        width, height = PRINT_SIZE
        return Markup(fishbone_html(width=width, height=height, **drawing))

    def _get_fishbones(self):
        """Yield (host, what ``tools/fishbone`` draws) for each of self."""
        lang = self.env["res.lang"]._get_data(code=self.env.lang or "en_US")
        cause_field = self.env["complaint.rca.cause"]._fields["verdict"]
        shared = {
            "rtl": lang.direction == "rtl",
            "words": dict(cause_field._description_selection(self.env)),
        }
        branches = self.env["complaint.ishikawa.branch"].search([])
        for host in self:
            yield (
                host,
                {
                    "problem": host._get_fishbone_problem(),
                    "branches": host._get_fishbone_branches(branches),
                    **shared,
                },
            )

    def _get_fishbone_problem(self):
        """Hook: return what stands at the head of the fish."""
        name = self._fishbone_problem_field
        return (self[name] if name in self._fields else self.display_name) or ""

    def _get_fishbone_branches(self, branches):
        """Return the bones: those in use, also archived ones, and those of the company
        that are still empty."""
        company = self.company_id if "company_id" in self._fields else self.env.company
        own = branches.filtered(lambda b: not b.company_id or b.company_id == company)
        below = self._get_cause_tree()

        def draw(key):
            return tuple(
                Cause(
                    cause.name or "",
                    cause.verdict or "suspected",
                    cause.weight,
                    draw(self._get_cause_key(cause)),
                )
                for cause in below[key]
            )

        bones = defaultdict(list)
        for cause, drawn in zip(below[None], draw(None), strict=True):
            if cause.branch_id:
                bones[cause.branch_id._origin].append(drawn)
        known = own | self.env["complaint.ishikawa.branch"].union(*bones)
        return [
            Branch(branch.name or "", tuple(bones[branch]))
            for branch in known.sorted(lambda branch: (branch.sequence, branch.id))
        ]

    @api.model
    def _get_cause_key(self, cause):
        return cause._origin.id or cause.id

    def _get_cause_tree(self):
        """Return {key of a cause or None: the causes below it}. Lines that aren't saved
        yet stand where their ``place`` says."""
        causes = self.cause_ids.filtered("name")
        causes = causes.sorted(lambda cause: (not cause._origin, cause.sequence))
        keys = {self._get_cause_key(cause) for cause in causes}
        below, parents, above = defaultdict(list), {}, None
        for cause in causes:
            key, parent = self._get_cause_key(cause), cause.parent_id._origin.id
            if not parent and not cause._origin and above is not None:
                parent = {"below": above, "beside": parents[above]}.get(cause.place)
            parents[key] = parent if parent in keys else None
            below[parents[key]].append(cause)
            above = key
        return below
