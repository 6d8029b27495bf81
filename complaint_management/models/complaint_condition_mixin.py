import logging

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools.safe_eval import datetime, safe_eval, time

_logger = logging.getLogger(__name__)


class ComplaintConditionMixin(models.AbstractModel):
    """A rule with a free condition on cases.

    The condition is checked when it is saved. One that breaks later, for example
    because a field is gone, is shown as broken, fits nothing and stops nothing.
    """

    _name = "complaint.condition.mixin"
    _description = "Condition on Cases"

    domain = fields.Char(
        "More conditions", default="[]", help="Any other condition on the case."
    )
    is_broken = fields.Boolean(
        "Broken",
        compute="_compute_is_broken",
        help="The conditions can't be read any more, for example because a field is "
        "gone. The rule is left out until it is mended.",
    )

    @api.depends("domain")
    def _compute_is_broken(self):
        for rule in self:
            rule.is_broken = bool(self._find_domain_error(rule.domain))

    @api.constrains("domain")
    def _check_domain(self):
        for rule in self:
            if error := self._find_domain_error(rule.domain):
                raise ValidationError(
                    self.env._(
                        "The conditions of “%(rule)s” can't be used: %(error)s",
                        rule=rule.display_name,
                        error=error,
                    )
                )

    @api.model
    def _read_domain(self, text):
        names = {"uid": self.env.uid, "datetime": datetime, "time": time}
        return Domain(safe_eval(text or "[]", names))

    @api.model
    def _find_domain_error(self, text):
        """Return why a domain can't be used on a case, empty when it can."""
        if (text or "[]").strip() == "[]":
            return ""
        cases = self.env["complaint.case"].sudo()  # sudo: nothing is read from it
        try:
            domain = self._read_domain(text)
            domain.validate(cases)
            with self.env.cr.savepoint(flush=False):
                cases.search(domain, limit=1)
        except Exception as error:
            return str(error) or type(error).__name__
        return ""

    @api.model
    def _filter_by_domain(self, text, cases):
        """Return the cases of a domain; a broken one fits none of them."""
        if (text or "[]").strip() == "[]" or not cases:
            return cases
        try:
            # A query that fails must not take the new case along.
            with self.env.cr.savepoint(flush=False):
                return cases.filtered_domain(self._read_domain(text))
        except Exception as error:
            _logger.info("A rule of %s is left out: %s", self._name, type(error))
            return cases.browse()
