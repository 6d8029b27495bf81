from odoo import models


class ComplaintCase(models.Model):
    """Cases as the outside sees them: pages, links, notifications."""

    _name = "complaint.case"
    # Mixins first: they override hooks that mixins of the case declare.
    _inherit = [
        "complaint.tracking.mixin",
        "complaint.customer.page.mixin",
        "complaint.portal.page.mixin",
        "complaint.case",
    ]

    def _prepare_intake_file_vals(self, case, name, mimetype, content):
        """What the customer sent in is theirs to see."""
        vals = super()._prepare_intake_file_vals(case, name, mimetype, content)
        return {**vals, "is_customer_visible": True}

    def _merge_files(self, survivor, is_same_customer):
        """What one customer may see, another one may not."""
        if not is_same_customer:
            self._get_merge_files().is_customer_visible = False
        return super()._merge_files(survivor, is_same_customer)

    def _get_portal_page_url(self):
        self.ensure_one()
        return f"/my/complaints/{self.id}"

    def _notify_get_recipients_groups(self, message, model_description, msg_vals=False):
        """Give customers a button: to the portal with a login, else to tracking."""
        groups = super()._notify_get_recipients_groups(
            message, model_description, msg_vals=msg_vals
        )
        if not self:
            return groups
        self.ensure_one()
        title = self.env._("Follow your complaint")
        page_url = self.get_base_url() + self._get_portal_page_url()
        for name, __, data in groups:
            if name == "portal":
                data["active"] = data["has_button_access"] = True
                data["button_access"] = {"url": page_url, "title": title}
        customer = self.partner_id.id
        tracking_group = (
            "complaint_customer",
            lambda pdata: pdata["type"] == "customer" and pdata["id"] == customer,
            {
                "active": True,
                "has_button_access": True,
                "button_access": {"url": self._get_tracking_url(), "title": title},
            },
        )
        return [tracking_group, *groups]
