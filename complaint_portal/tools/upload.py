"""Decides by content whether an uploaded file is welcome.

The name says what a file claims to be, its first bytes say what it is; both must
agree and be on the list. Nothing that a browser would run is on the list.
"""

import io
import re
import zipfile

OOXML = "application/vnd.openxmlformats-officedocument."
ODF = "application/vnd.oasis.opendocument."
HEAD = 4096
_MARKUP = re.compile(
    rb"<\s*(!doctype|html|head|body|script|svg|iframe|object|embed|\?xml|\?php)", re.I
)
_UNSAFE_NAME = re.compile(r'[\x00-\x1f\x7f/\\<>:"|?*\u202a-\u202e\u2066-\u2069]+')


class UploadError(ValueError):
    """A file is refused.

    ``code``: ``empty``, ``too_large``, ``too_many``, ``total``, ``type`` (not on the
    list), ``content`` (isn't what its name says) or ``macro``; ``name``: the file.
    """

    def __init__(self, code, name=""):
        super().__init__(code, name)
        self.code, self.name = code, name


def clean_name(name):
    """Return a file name that is safe to show and to save: no folders, no control or
    direction marks that hide the real ending."""
    name = _UNSAFE_NAME.sub("_", (name or "").replace("\\", "/").rpartition("/")[2])
    name = name.strip(" .") or "file"
    stem, dot, ending = name.rpartition(".")
    return f"{stem[:120]}{dot}{ending[:10]}" if dot else name[:120]


def check(name, content):
    """Return the MIME type of a file whose content is what its name says.

    :param str name: file name with ending
    :param bytes content: the whole file
    :raise UploadError: ``empty``, ``type``, ``content`` or ``macro``
    """
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    if ending not in TYPES:
        raise UploadError("type", name)
    if not content:
        raise UploadError("empty", name)
    mimetype, is_such = TYPES[ending]
    if not is_such(content):
        raise UploadError("content", name)
    if mimetype.startswith(OOXML) and _has_macro(content):
        raise UploadError("macro", name)
    return mimetype


def _starts(*heads):
    return lambda content: content.startswith(heads)


def _riff(kind):
    return lambda content: content[:4] == b"RIFF" and content[8:12] == kind


def _iso_media(content):
    """HEIC, MP4, MOV, 3GP, M4A: ISO base media files."""
    return content[4:8] in (b"ftyp", b"moov", b"mdat", b"wide", b"free")


def _mp3(content):
    return content[:3] == b"ID3" or (content[0] == 0xFF and content[1:2] >= b"\xe0")


def _text(content):
    head = content[:HEAD]
    if b"\x00" in content[: 64 * HEAD] or _MARKUP.search(head):
        return False
    return not content.startswith((b"MZ", b"#!", b"%PDF", b"PK\x03\x04"))


def _members(content):
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return []


def _ooxml(folder):
    def is_such(content):
        names = _members(content) if content[:4] == b"PK\x03\x04" else []
        return "[Content_Types].xml" in names and any(
            name.startswith(folder) for name in names
        )

    return is_such


def _odf(kind):
    head = b"mimetype" + (ODF + kind).encode()
    return lambda content: content[:4] == b"PK\x03\x04" and head in content[30:200]


def _has_macro(content):
    return any("vbaproject" in name.lower() for name in _members(content))


_JPEG = ("image/jpeg", _starts(b"\xff\xd8\xff"))
_TIFF = ("image/tiff", _starts(b"II*\x00", b"MM\x00*"))

# ending: (MIME type, function(content) -> is it such a file)
TYPES = {
    "jpg": _JPEG,
    "jpeg": _JPEG,
    "png": ("image/png", _starts(b"\x89PNG\r\n\x1a\n")),
    "gif": ("image/gif", _starts(b"GIF87a", b"GIF89a")),
    "webp": ("image/webp", _riff(b"WEBP")),
    "bmp": ("image/bmp", _starts(b"BM")),
    "tif": _TIFF,
    "tiff": _TIFF,
    "heic": ("image/heic", _iso_media),
    "heif": ("image/heif", _iso_media),
    "pdf": ("application/pdf", _starts(b"%PDF-")),
    "txt": ("text/plain", _text),
    "csv": ("text/csv", _text),
    "docx": (OOXML + "wordprocessingml.document", _ooxml("word/")),
    "xlsx": (OOXML + "spreadsheetml.sheet", _ooxml("xl/")),
    "pptx": (OOXML + "presentationml.presentation", _ooxml("ppt/")),
    "odt": (ODF + "text", _odf("text")),
    "ods": (ODF + "spreadsheet", _odf("spreadsheet")),
    "mp4": ("video/mp4", _iso_media),
    "m4v": ("video/mp4", _iso_media),
    "mov": ("video/quicktime", _iso_media),
    "3gp": ("video/3gpp", _iso_media),
    "webm": ("video/webm", _starts(b"\x1aE\xdf\xa3")),
    "mp3": ("audio/mpeg", _mp3),
    "m4a": ("audio/mp4", _iso_media),
    "ogg": ("audio/ogg", _starts(b"OggS")),
    "wav": ("audio/wav", _riff(b"WAVE")),
}
ACCEPT = ",".join(f".{ending}" for ending in TYPES)
