"""Pure Python, no Odoo import: tested by plain pytest."""

from . import business_time, hash_chain, nps, pareto, risk_score, text_fold
