"""The demo company: a fictional maker of household appliances.

``load.py`` runs in ``odoo shell`` and plays a year of its life.
"""
