"""Pure Python, no Odoo import: tested by plain pytest."""

from . import bands
from . import scores
