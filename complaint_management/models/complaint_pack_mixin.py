import hashlib
import io
import json
import re
import zipfile
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

from odoo import fields, models, release
from odoo.exceptions import AccessError

from ..tools import evidence_verify, hash_chain, journal_seal
from .complaint_moment import format_moment

PIECE = 1024 * 1024
# The facts of a case, in the order of the case file.
CASE_FILE_FIELDS = (
    "company_id",
    "partner_id",
    "partner_name",
    "email_from",
    "partner_phone",
    "channel_id",
    "received_at",
    "acknowledged_at",
    "responded_at",
    "decision_sent_at",
    "closed_at",
    "stage_id",
    "priority",
    "category_id",
    "error_type_id",
    "product_id",
    "lot",
    "order_ref",
    "user_id",
    "team_id",
    "validity",
    "validity_reason",
    "description",
    "root_cause",
    "decision",
    "customer_verdict",
    "lesson",
)
README = """\
Evidence pack of %(case)s, made on %(moment)s UTC by %(user)s.

case.pdf        the complaint and what was decided
promises.pdf    its deadlines, interval by interval
messages/       the conversation, each message for the browser and for a mail program
files/          every file, under the number that it has in the database
journal.jsonl   the journal, one entry a line
manifest.json   SHA-256 of every file in this pack

To verify it, without Odoo: python3 verify.py
The journal of the complaint keeps the SHA-256 of manifest.json in its entry
"evidence_pack", so that a pack can also be compared with the system that made it.
"""


class _Pack:
    """A ZIP that is written piece by piece, and the hashes of what is in it."""

    def __init__(self, stream):
        self.zip = zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, allowZip64=True)
        self.files = []

    def add(self, path, stream):
        """Copy a binary stream into the pack, a piece at a time."""
        found, size = hashlib.sha256(), 0
        with self.zip.open(path, "w", force_zip64=True) as target:
            while piece := stream.read(PIECE):
                target.write(piece)
                found.update(piece)
                size += len(piece)
        self.files.append({"path": path, "size": size, "sha256": found.hexdigest()})
        return path

    def add_text(self, path, text):
        return self.add(path, io.BytesIO(text.encode()))

    def close(self, manifest):
        """Add the manifest and return its hash."""
        content = json.dumps({**manifest, "files": self.files}, indent=1).encode()
        with self.zip.open(evidence_verify.MANIFEST, "w") as target:
            target.write(content)
        self.zip.close()
        return hashlib.sha256(content).hexdigest()


class ComplaintPackMixin(models.AbstractModel):
    """All that there is of a case in one file that proves itself."""

    _name = "complaint.pack.mixin"
    _description = "Evidence Pack"
    _pack_groups = (
        "complaint_management.complaint_group_legal",
        "complaint_management.complaint_group_manager",
        "complaint_management.complaint_group_auditor",
    )

    def action_evidence_pack(self):
        self.ensure_one()
        self._check_may_pack()
        return {
            "type": "ir.actions.act_url",
            "url": f"/complaint/evidence_pack/{self.id}",
            "target": "download",
        }

    def _check_may_pack(self):
        self.check_access("read")
        if not any(self.env.user.has_group(group) for group in self._pack_groups):
            raise AccessError(
                self.env._(
                    "An evidence pack is made by the legal team, a manager or an "
                    "auditor."
                )
            )

    def _write_evidence_pack(self, stream):
        """Write the pack of one case into a binary stream (which need not be able to
        go back); it is never in memory as a whole.

        :return: SHA-256 of the manifest, as the journal keeps it
        """
        self.ensure_one()
        self._check_may_pack()
        # What is still to be written belongs to it.
        self.env.flush_all()
        pack, now = _Pack(stream), fields.Datetime.now()
        # sudo: internal messages, files and entries of parts belong to the pack; who
        # may read the case and has one of the roles was checked above
        case = self.sudo()
        names = case._pack_files(pack)
        case._pack_messages(pack, names)
        self._pack_reports(pack)
        heads = case._pack_journal(pack)
        case._pack_tools(pack, now, self.env.user)
        manifest = pack.close(
            {
                "format": 1,
                "case": case.name,
                "company": case.company_id.name,
                "database": self.env["ir.config_parameter"]
                .sudo()
                .get_param("database.uuid"),
                "odoo": release.version,
                "made_at": f"{now.isoformat()}Z",
                "made_by": self.env.user.login,
                "journal_heads": heads,
            }
        )
        self._journal_log("evidence_pack", note=f"SHA-256 of the manifest: {manifest}")
        return manifest

    # -- what is in it ------------------------------------------------------------
    def _get_pack_hosts(self):
        """Hook: return the recordsets whose files and journal belong to the case."""
        return [
            self,
            self.eightd_ids,
            self.eightd_ids.step_ids,
            self.action_ids,
            self.evidence_ids,
            self.initial_report_ids,
            self.cost_line_ids,
        ]

    def _pack_files(self, pack):
        """Add each file; return {attachment: path}."""
        files = self.message_ids.attachment_ids
        for hosts in self._get_pack_hosts():
            files |= files.search(
                [("res_model", "=", hosts._name), ("res_id", "in", hosts.ids)]
            )
        paths = {}
        for file in files.filtered(lambda f: f.type == "binary").sorted("id"):
            path = f"files/{file.id}_{_safe(file.name)}"
            with _open_file(file) as stream:
                paths[file] = pack.add(path, stream)
        return paths

    def _pack_messages(self, pack, paths):
        messages = self.message_ids.filtered(
            lambda m: m.message_type != "user_notification"
        )
        for number, message in enumerate(messages.sorted("id"), start=1):
            stem = f"messages/{number:04}_{message.date:%Y-%m-%d_%H%M}"
            pack.add_text(f"{stem}.html", self._prepare_pack_html(message))
            mail = self._prepare_pack_mail(message, paths)
            pack.add(f"{stem}.eml", io.BytesIO(mail.as_bytes()))

    def _prepare_pack_html(self, message):
        return str(
            self.env["ir.qweb"]._render(
                "complaint_management.pack_message", {"message": message}
            )
        )

    def _prepare_pack_mail(self, message, paths):
        mail = EmailMessage()
        mail["From"] = _one_line(message.email_from or message.author_id.name)
        mail["Date"] = format_datetime(message.date)
        mail["Subject"] = _one_line(message.subject or self.subject)
        mail["Message-ID"] = _one_line(message.message_id)
        mail["X-Complaint"] = self.name
        mail["X-Complaint-Internal"] = "yes" if message.is_internal else "no"
        for file in message.attachment_ids & self.env["ir.attachment"].concat(*paths):
            mail["X-Complaint-File"] = _one_line(paths[file])
        mail.set_content(str(message.body or ""), subtype="html")
        return mail

    def _pack_reports(self, pack):
        reports = {
            "case.pdf": "complaint_case_action_pdf",
            "promises.pdf": "complaint_case_sla_account_action_pdf",
        }
        for path, report in reports.items():
            content, __ = self.env["ir.actions.report"]._render_qweb_pdf(
                f"complaint_management.{report}", self.ids
            )
            pack.add(path, io.BytesIO(content))

    def _prepare_case_file_facts(self):
        """Return [(label, text)] of what is filled in, in the reader's language."""
        self.ensure_one()
        facts = []
        for name in CASE_FILE_FIELDS:
            field, value = self._fields[name], self[name]
            if value or value == 0:
                text = field.convert_to_export(value, self)
                if field.type == "selection":
                    text = dict(field._description_selection(self.env)).get(value)
                elif field.type == "datetime":
                    text = format_moment(self.env, value)
                facts.append((field._description_string(self.env), text))
        return facts

    def _pack_journal(self, pack):
        """Add the entries; return {"model,id": [sequence, hash]} of where they end."""
        entries = self.env["complaint.journal.entry"]
        lines, heads = [], {}
        for hosts in self._get_pack_hosts():
            for host, chain in entries._read_chains_of(hosts).items():
                lines += [json.dumps(entry, ensure_ascii=False) for entry in chain]
                last = chain[-1]
                heads[f"{host[0]},{host[1]}"] = [
                    last["chain_sequence"],
                    last["entry_hash"],
                ]
        pack.add_text(evidence_verify.JOURNAL, "".join(f"{line}\n" for line in lines))
        return heads

    def _pack_tools(self, pack, now, user):
        for path, module in (
            ("verify.py", evidence_verify),
            ("journal_seal.py", journal_seal),
            ("hash_chain.py", hash_chain),
        ):
            pack.add_text(path, Path(module.__file__).read_text(encoding="utf-8"))
        values = {"case": self.name, "moment": now, "user": user.name}
        pack.add_text("README.txt", README % values)


def _safe(name):
    """Return a file name that means the same on every system and leads nowhere."""
    name = re.sub(r'[\\/:*?"<>|\x00-\x1f]+|\.{2,}', "_", name or "")
    return name.strip(". ")[-120:] or "_"


def _one_line(text):
    return " ".join((text or "").split())


def _open_file(attachment):
    """Return a binary stream of the content; from the disk where it lies there."""
    if attachment.store_fname:
        path = Path(attachment._full_path(attachment.store_fname))
        if path.is_file():
            return path.open("rb")
    return io.BytesIO(attachment.raw or b"")
