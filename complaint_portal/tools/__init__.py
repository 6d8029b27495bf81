"""Pure Python without Odoo."""
