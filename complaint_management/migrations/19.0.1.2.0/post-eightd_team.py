"""People in the team of an 8D report have a line with their role."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    env["complaint.eightd"]._adopt_team()
