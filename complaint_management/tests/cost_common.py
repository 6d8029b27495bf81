from odoo.fields import Command

from .common import ComplaintCommon


class CostCommon(ComplaintCommon):
    """A company that counts in manat, with rates of the dollar and the rial."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        currencies = cls.env["res.currency"].with_context(active_test=False)
        found = {
            name: currencies.search([("name", "=", name)])
            for name in ("AZN", "USD", "IRR")
        }
        cls.azn, cls.usd, cls.irr = found.values()
        (cls.azn | cls.usd | cls.irr).active = True
        cls.env["res.currency.rate"].search([]).unlink()
        cls.env.company.currency_id = cls.azn
        cls.azn_rates = cls.env["res.currency.rate"].create(
            [
                {"currency_id": cls.usd.id, "name": "2026-01-15", "rate": 0.5},
                {"currency_id": cls.usd.id, "name": "2026-03-01", "rate": 1 / 1.7},
                {"currency_id": cls.irr.id, "name": "2026-01-01", "rate": 25000},
            ]
        )
        cls.env.company.complaint_cost_limit = 1000
        cls.types = cls.env["complaint.cost.type"].search([])
        cls.case = cls._new_case()
        # Nobody but this one manager approves.
        cls.second_manager = cls._new_user("manager", "second_manager")
        cls.team.member_ids = [Command.link(cls.second_manager.id)]

    @classmethod
    def _type(cls, code):
        return cls.env.ref(f"complaint_management.complaint_cost_type_{code}")

    def _new_line(self, user=None, **values):
        vals = {
            "case_id": self.case.id,
            "type_id": self._type("replacement").id,
            "unit_cost": 100,
            **values,
        }
        lines = self.env["complaint.cost.line"].with_user(user or self.handler)
        return lines.create(vals).with_env(self.env)

    def _hold(self, cases):
        return (
            self.env["complaint.legal.hold"]
            .with_user(self.legal)
            .create(
                {
                    "name": "Baku District Court",
                    "reason": "Lawsuit",
                    "case_ids": [Command.set(cases.ids)],
                }
            )
        )
