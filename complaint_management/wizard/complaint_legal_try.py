from odoo import api, fields, models

from ..tools.legal_marks import marked_text


class ComplaintLegalTry(models.TransientModel):
    """Shows what the list of terms finds in a text, before a customer writes it."""

    _name = "complaint.legal.try"
    _description = "Try the Legal Terms on a Text"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    text = fields.Text(help="Paste a letter or a mail. Nothing of it is kept.")
    result = fields.Html(compute="_compute_result", sanitize=False)
    score = fields.Integer("Weight of the words", compute="_compute_result")
    threshold = fields.Integer(related="company_id.complaint_legal_threshold")
    words = fields.Char("Words found", compute="_compute_result")

    @api.depends("text", "company_id")
    @api.depends_context("lang")
    def _compute_result(self):
        Term = self.env["complaint.legal.term"]
        kinds = dict(Term._fields["kind"]._description_selection(self.env))
        for trial in self:
            text = trial.text or ""
            found = Term._find(trial.company_id.id, text)
            terms = {(f.term.lang, f.term.name): f.term for f in found}
            trial.score = sum(term.weight for term in terms.values())
            trial.words = ", ".join(
                f"{term.name} ({kinds[term.kind]}, {term.weight})"
                for term in terms.values()
            )
            trial.result = marked_text(
                text, [(f.start, f.end, kinds[f.term.kind]) for f in found]
            )
