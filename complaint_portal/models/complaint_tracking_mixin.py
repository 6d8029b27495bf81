import re
import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import consteq, hmac

TOKEN = re.compile(r"([0-9]{1,9})-([0-9a-f]{40})")
SCOPE = "complaint_portal.tracking"


class ComplaintTrackingMixin(models.AbstractModel):
    """A link with which somebody without a login follows the case.

    The token is derived (HMAC-SHA-256 with the secret of the database over id and
    nonce) and stored nowhere; a new nonce makes all links sent before useless.
    """

    _name = "complaint.tracking.mixin"
    _description = "Tracking Link"

    tracking_nonce = fields.Char(
        default=lambda self: secrets.token_hex(8),
        readonly=True,
        copy=False,
        groups="base.group_system",
    )
    tracking_url = fields.Char("Tracking link", compute="_compute_tracking_url")

    @api.depends("tracking_nonce")
    def _compute_tracking_url(self):
        for case in self:
            case.tracking_url = case._get_tracking_url()

    def _get_tracking_url(self):
        """Return the absolute address of the tracking page; costs no query."""
        self.ensure_one()
        if not isinstance(self.id, int):
            return False
        return f"{self.get_base_url()}/complaint/track/{self._get_tracking_token()}"

    def _get_tracking_token(self):
        # sudo: the nonce has no reader but this method, and leaves it only hashed
        case = self.sudo()
        digest = hmac(case.env, SCOPE, (case.id, case.tracking_nonce or ""))
        return f"{case.id}-{digest[:40]}"

    @api.model
    def _find_by_tracking_token(self, token):
        """Return the case (as superuser) that a token opens now, or an empty set."""
        match = TOKEN.fullmatch(token or "")
        if not match:
            return self.browse()
        # sudo: whoever has the token may see the page; the caller shows nothing but
        # _prepare_tracking_values
        case = self.sudo().browse(int(match[1])).exists()
        if not case or not consteq(case._get_tracking_token(), token):
            return self.browse()
        case = case._get_customer_target()
        return case if case._is_tracking_open() else self.browse()

    def _get_customer_target(self):
        """Return the case that the customer of this one follows: where it was merged
        into, but never the case of another customer."""
        target = self._get_mail_target()
        return target if self._is_same_customer(target) else self

    def _is_tracking_open(self):
        """Tell whether the link still works: some time after closing it doesn't."""
        days = self.company_id.complaint_tracking_days
        if not (days and self.closed_at):
            return True
        return fields.Datetime.now() <= self.closed_at + timedelta(days=days)

    def action_renew_tracking_link(self):
        """Make the links that were sent so far useless."""
        self.check_access("write")
        for case in self:
            # sudo: write access is checked above; only the nonce is written
            case.sudo().tracking_nonce = secrets.token_hex(8)
        self._journal_log("tracking_link_renewed")
