import tempfile

from werkzeug.utils import send_file

from odoo import http
from odoo.http import request


class EvidencePack(http.Controller):
    @http.route(
        "/complaint/evidence_pack/<int:case_id>",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=False,
    )
    def download(self, case_id):
        """Send the evidence pack of a case that the user may read."""
        case = request.env["complaint.case"].browse(case_id).exists()
        if not case:
            raise request.not_found()
        # On disk, not in memory: the files of a case can be large.
        # pylint: disable-next=consider-using-with
        stream = tempfile.TemporaryFile()  # closed by the response
        case._write_evidence_pack(stream)
        stream.seek(0)
        return send_file(
            stream,
            request.httprequest.environ,
            mimetype="application/zip",
            as_attachment=True,
            download_name=f"{case.name.replace('/', '-')}-evidence.zip",
        )
