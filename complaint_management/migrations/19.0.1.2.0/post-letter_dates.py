"""The mail about solved complaints writes dates as its reader does (Persian dates in
Persian). Companies may have changed its words: only the call is replaced."""

from odoo import SUPERUSER_ID, api

BEFORE = "format_date(object.monitoring_until)"
AFTER = "object._get_day_text(object.monitoring_until)"


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    name = "complaint_management.mail_template_solved"
    template = env.ref(name, raise_if_not_found=False)
    if template:
        cr.execute(
            "UPDATE mail_template"
            " SET body_html = replace(body_html::text, %s, %s)::jsonb WHERE id = %s",
            [BEFORE, AFTER, template.id],
        )
