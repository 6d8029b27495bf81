from odoo.fields import Command

from .common import ComplaintCommon


class RcaCommon(ComplaintCommon):
    """A case and its 8D report, and what people type into the page “Cause”."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.case = cls._new_case().with_user(cls.investigator)
        cls.report = (
            cls.env["complaint.eightd"]
            .with_user(cls.investigator)
            .create({"case_id": cls.case.id, "subject": "The oven doesn't heat"})
        )
        cls.human, cls.material = (
            cls.env.ref(f"complaint_management.complaint_ishikawa_branch_{code}")
            for code in ("human", "material")
        )

    def _add_whys(self, *answers, host=None, **values):
        """Type answers one below the other, as the screen sends them."""
        host = host or self.case
        before = host.why_ids
        host.write(
            {
                "why_ids": [
                    Command.create({"answer": answer, "place": "below", **values})
                    for answer in answers
                ]
            }
        )
        host.invalidate_recordset(["why_ids"])
        return host.why_ids - before

    def _tree(self, host=None):
        host = host or self.case
        host.invalidate_recordset()
        return [(why.number, why.answer) for why in host.why_ids]
