"""Disciplines of 8D reports are on the SLA engine: those that are still to be handed in
get a clock that ends when they were due."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    env["complaint.eightd.step"]._promise_adopt()
