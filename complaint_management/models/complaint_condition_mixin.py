import logging

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools.safe_eval import datetime, safe_eval, time

_logger = logging.getLogger(__name__)


class ComplaintConditionMixin(models.AbstractModel):
    """A rule with a free condition on cases.

    The condition is checked when it is saved. One that breaks later, for example
    because a field is gone, is shown as broken, fits nothing and stops nothing. A model
    that names other conditions in ``_condition_fields`` has to have one of them, or it
    would fit every case.
    """

    _name = "complaint.condition.mixin"
    _description = "Condition on Cases"
    _condition_fields = ()

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

    @api.constrains(lambda self: (*self._condition_fields, "domain"))
    def _check_has_condition(self):
        for rule in self if self._condition_fields else ():
            if not rule._has_condition():
                raise ValidationError(rule._get_no_condition_message())

    def _has_condition(self):
        self.ensure_one()
        return not self._is_empty_domain(self.domain) or any(
            self._is_condition_given(name) for name in self._condition_fields
        )

    def _is_condition_given(self, name):
        return bool(self[name])

    def _get_no_condition_message(self):
        """Say what would happen without any condition."""
        raise NotImplementedError

    @api.model
    def _is_empty_domain(self, text):
        return (text or "[]").strip() == "[]"

    @api.model
    def _read_domain(self, text):
        names = {"uid": self.env.uid, "datetime": datetime, "time": time}
        return Domain(safe_eval(text or "[]", names))

    @api.model
    def _find_domain_error(self, text):
        """Return why a domain can't be used on a case, empty when it can."""
        if self._is_empty_domain(text):
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
        if self._is_empty_domain(text) or not cases:
            return cases
        try:
            # A query that fails must not take the new case along.
            with self.env.cr.savepoint(flush=False):
                return cases.filtered_domain(self._read_domain(text))
        except Exception as error:
            _logger.info("A rule of %s is left out: %s", self._name, type(error))
            return cases.browse()
