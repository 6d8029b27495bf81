from odoo import api, models
from odoo.tools import SQL

CASE_MODEL = "complaint.case"
EVIDENCE_MODEL = "complaint.evidence"
NC_MODEL = "mgmtsystem.nonconformity"


class ComplaintNonconformityFileMixin(models.AbstractModel):
    """Files and evidence of a case that its nonconformities show too.

    Each side has an attachment of its own, so that deleting one leaves the other; the
    bytes are stored once (the file store names files by their content). Files that come
    later follow as long as the nonconformity is open. Nothing of a confidential case
    goes over: more people read nonconformities than may read that case.
    """

    _name = "complaint.nonconformity.file.mixin"
    _description = "Files Shared with Nonconformities"

    def _get_shareable_files(self):
        """Return the attachments of these cases that a nonconformity shows too."""
        # sudo: whoever links the case shares all of its files
        cases = self.sudo().filtered(lambda case: not case.is_confidential)
        evidence = cases.with_context(active_test=False).evidence_ids
        return (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [
                    ("res_field", "=", False),
                    "|",
                    *("&", ("res_model", "=", CASE_MODEL), ("res_id", "in", cases.ids)),
                    "&",
                    ("res_model", "=", EVIDENCE_MODEL),
                    ("res_id", "in", evidence.ids),
                ]
            )
        )

    def _share_files(self, nonconformity):
        """Show the files of these cases in a nonconformity."""
        self._copy_files({nonconformity.id: self._get_shareable_files()})

    def _unshare_files(self, nonconformity):
        """Take the files of these cases out of a nonconformity that isn't theirs any
        more, but for those that another case of it has too."""
        # sudo: files of all its cases count, whoever may read which of them
        others = nonconformity.sudo().complaint_case_ids - self.sudo()
        mine = self._get_file_keys(self._get_shareable_files())
        mine -= self._get_file_keys(others._get_shareable_files())
        shown = self._get_shown_files(nonconformity.ids)
        shown.filtered(lambda f: (f.name, f.checksum) in mine).unlink()

    @api.model
    def _get_file_keys(self, files):
        return {(file.name, file.checksum) for file in files}

    @api.model
    def _get_shown_files(self, ids):
        # sudo: what is shown already, whoever may read it
        return (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [
                    ("res_model", "=", NC_MODEL),
                    ("res_id", "in", ids),
                    ("res_field", "=", False),
                ]
            )
        )

    @api.model
    def _copy_files(self, files_by_id):
        """Attach files to nonconformities, each content and name once.

        :param dict files_by_id: {id of a nonconformity: attachments}
        """
        shown = {}
        for file in self._get_shown_files(list(files_by_id)):
            shown.setdefault(file.res_id, set()).add((file.name, file.checksum))
        for id_, files in files_by_id.items():
            known = shown.setdefault(id_, set())
            for file in files:
                if (file.name, file.checksum) not in known:
                    known.add((file.name, file.checksum))
                    file.copy({"res_model": NC_MODEL, "res_id": id_})

    @api.model
    def _share_new_files(self, files):
        """Files were just added: open nonconformities of their cases show them too.

        No query unless a file belongs to a case; then one finds the nonconformities.
        """
        # sudo: only where a file hangs is read, to find who shares it
        files = files.sudo().filtered(lambda f: f.res_id and not f.res_field)
        by_case = {}
        for file in files:
            if file.res_model == CASE_MODEL:
                by_case.setdefault(file.res_id, []).append(file.id)
        proofs = files.filtered(lambda f: f.res_model == EVIDENCE_MODEL)
        lines = self.env[EVIDENCE_MODEL].sudo().browse(proofs.mapped("res_id"))
        case_of = {line.id: line.case_id.id for line in lines}
        for file in proofs:
            by_case.setdefault(case_of[file.res_id], []).append(file.id)
        wanted = {}
        for case_id, nonconformity_id in self._find_sharing(list(by_case)):
            wanted.setdefault(nonconformity_id, []).extend(by_case[case_id])
        if wanted:
            self._copy_files({i: files.browse(ids) for i, ids in wanted.items()})

    @api.model
    def _find_sharing(self, case_ids):
        """Return [(case id, id of an open nonconformity that shows its files)]."""
        if not case_ids:
            return []
        self.env[CASE_MODEL].flush_model(["nonconformity_ids", "is_confidential"])
        self.env[NC_MODEL].flush_model(["state"])
        return self.env.execute_query(
            SQL(
                """
                SELECT link.case_id, link.nonconformity_id
                  FROM complaint_case_nonconformity_rel AS link
                  JOIN complaint_case AS c ON c.id = link.case_id
                  JOIN mgmtsystem_nonconformity AS nc
                    ON nc.id = link.nonconformity_id
                 WHERE link.case_id = ANY(%s)
                   AND c.is_confidential IS NOT TRUE
                   AND COALESCE(nc.state, 'draft') NOT IN ('done', 'cancel')
                """,
                case_ids,
            )
        )
