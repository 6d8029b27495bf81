from odoo import models


class ComplaintPortalPageMixin(models.AbstractModel):
    """A record with a page for people from outside. The page checks whose it is."""

    _name = "complaint.portal.page.mixin"
    _description = "Page for People from Outside"

    def _get_portal_page_url(self):
        """Return the path of the page."""
        raise NotImplementedError

    def _get_access_action(self, access_uid=None, force_website=False):
        """Lead people from outside to their page."""
        self.ensure_one()
        # sudo: only whether the user is from outside is read
        user = self.env["res.users"].sudo().browse(access_uid or self.env.uid)
        if not (user.share or force_website):
            return super()._get_access_action(
                access_uid=access_uid, force_website=force_website
            )
        return {
            "type": "ir.actions.act_url",
            "url": self._get_portal_page_url(),
            "target": "self",
            "res_id": self.id,
        }
