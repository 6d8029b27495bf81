"""Odoo 19: from Debian's sid package, unpacked in the cache, or ``ODOO_HOME``.

Nothing is installed on the machine. ``apt-get`` runs with folders of its own, takes
the archive's address from the machine's sources and checks the archive's signature
with the machine's keyring.
"""

import hashlib
import os
import re
import shutil
from pathlib import Path

from . import npm, paths, store, ui

RECIPE = "1"
PACKAGE = "odoo-19"
# Odoo is made for Font Awesome 4 and an Inconsolata in one file; sid has later ones,
# so these come from the machine's own release.
OLDER = ("fonts-font-awesome", "fonts-inconsolata")
LINKED = (
    "fonts-montserrat",
    "fonts-ocr-b",
    "fonts-roboto-unhinted",
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
)
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
DIST = "usr/lib/python3/dist-packages"


def home(refresh=False):
    """The folder that holds the package ``odoo``; fetch it when it isn't there."""
    if given := os.environ.get("ODOO_HOME"):
        return _check_given(Path(given).expanduser().resolve())
    pointer = paths.cache() / f"{PACKAGE}-{RECIPE}.current"
    if refresh:
        pointer.unlink(missing_ok=True)
    if pointer.is_file():
        folder = paths.cache() / pointer.read_text(encoding="utf-8")
        if store.is_ready(folder):
            return folder / DIST
    with ui.step("fetch Odoo 19 from Debian's sid archive"):
        folder = _fetch()
    store.write(pointer, folder.name)
    return folder / DIST


def _check_given(folder):
    release = folder / "odoo" / "release.py"
    text = release.read_text(encoding="utf-8") if release.is_file() else ""
    if not re.search(r"version_info = \(19, 0", text):
        raise ui.Stop(f"ODOO_HOME={folder} holds no Odoo 19.0 (odoo/release.py)")
    return folder


def _fetch():
    apt = PrivateApt(paths.cache() / "apt")
    with store.lock("apt"):
        apt.prepare()
        version, checksum = apt.describe(PACKAGE)

    def build(folder):
        downloads = folder / "downloads"
        downloads.mkdir()
        with store.lock("apt"):
            apt.download(
                downloads,
                *(f"{package}/{apt.codename}" for package in OLDER),
                *(f"{package}/sid" for package in (PACKAGE, *LINKED)),
            )
        for archive in sorted(downloads.glob("*.deb")):
            ui.run(["dpkg-deb", "-x", archive, folder], f"unpack {archive.name}")
        shutil.rmtree(downloads)
        _repair(folder)

    key = store.digest(RECIPE, version, checksum)
    return store.entry(f"{PACKAGE}-{key}", build)


def _repair(folder):
    """Mend what the package leaves to the rest of a Debian system."""
    dist = folder / DIST
    # Its metadata asks for psycopg2, which pip would compile; the venv brings its
    # own metadata of Odoo instead.
    for metadata in dist.glob("odoo-*.egg-info"):
        shutil.rmtree(metadata)
    _relink_webfonts(dist)
    script = "mail/static/lib/selfie_segmentation/selfie_segmentation.js"
    target = dist / "odoo" / "addons" / script
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(npm.selfie_segmentation(), target)
    web = dist / "odoo" / "addons" / "web"
    missing = [p for p in web.rglob("*") if p.is_symlink() and not p.exists()]
    if missing:
        raise ui.Stop(f"Odoo's package links to files that are missing: {missing[:3]}")


def _relink_webfonts(dist):
    """The package's links of the web fonts are crossed (.woff leads to .woff2)."""
    for link in dist.glob("odoo/addons/web/static/**/fontawesome-webfont.*"):
        if link.is_symlink():
            right = Path(os.readlink(link)).parent / link.name
            if (link.parent / right).exists():
                link.unlink()
                link.symlink_to(right)


class PrivateApt:
    """``apt-get`` that leaves the machine's state alone and needs no root."""

    def __init__(self, folder):
        self.folder = folder
        self.config = folder / "apt.conf"
        self.codename = None

    def prepare(self):
        for part in ("lists/partial", "cache/archives/partial", "state"):
            (self.folder / part).mkdir(parents=True, exist_ok=True)
        archive, self.codename = self._find_archive()
        sources = self.folder / "sources.list"
        lines = [
            f"deb [signed-by={KEYRING}] {archive} {suite} main\n"
            for suite in dict.fromkeys(("sid", self.codename))
        ]
        sources.write_text("".join(lines), encoding="utf-8")
        self._write_config(
            f'Dir::Etc::sourcelist "{sources}";\nDir::Etc::sourceparts "-";\n'
        )
        output = self._apt("update")
        if "NO_PUBKEY" in output or "not signed" in output:
            raise ui.Stop(
                "the archive's signature can't be checked with this machine's keys; "
                "upgrade its package debian-archive-keyring"
            )

    def describe(self, package):
        """Version and checksum of what the archive offers."""
        output = self._run("apt-cache", "show", "--no-all-versions", package)
        found = dict(re.findall(r"^(Version|SHA256): (.+)$", output, re.MULTILINE))
        if "SHA256" not in found:
            raise ui.Stop(f"Debian's sid archive offers no package {package}")
        return found["Version"], found["SHA256"]

    def download(self, folder, *packages):
        """Fetch packages (``name/suite``); apt checks them, this what the disk kept."""
        self._apt("download", *packages, cwd=folder)
        names = [package.partition("/")[0] for package in packages]
        known = self._run("apt-cache", "show", *names)
        archives = list(folder.glob("*.deb"))
        for archive in archives:
            if hashlib.sha256(archive.read_bytes()).hexdigest() not in known:
                raise ui.Stop(f"the download {archive.name} is broken; try again")
        if len(archives) != len(packages):
            raise ui.Stop("Debian's archive didn't deliver everything; try again")

    def _find_archive(self):
        """Address and release name of the Debian archive that this machine uses."""
        self._write_config("")
        for private in (False, True):
            if private:
                self._apt("update")
            for line in self._targets(private).splitlines():
                address, origin, codename, component = line.split("|")
                if (origin, component) == ("Debian", "main") and "-" not in codename:
                    return address, codename
        raise ui.Stop(
            "this machine's apt sources name no Debian archive; set "
            "ODOO_HOME=/path/to/odoo to an Odoo 19 that is there"
        )

    def _targets(self, private):
        layout = "$(REPO_URI)|$(ORIGIN)|$(CODENAME)|$(COMPONENT)"
        args = ["indextargets", "--format", layout, "Created-By: Packages"]
        if private:
            return self._apt(*args)
        return ui.run(["apt-get", *args], "read this machine's apt sources")

    def _write_config(self, sources):
        text = (
            f'Dir::State "{self.folder}/state";\n'
            f'Dir::State::lists "{self.folder}/lists";\n'
            f'Dir::Cache "{self.folder}/cache";\n'
            'Acquire::Languages "none";\n'
            'Acquire::Retries "3";\n'
            'APT::Update::Error-Mode "any";\n'
        )
        if ui.is_root():
            text += 'APT::Sandbox::User "root";\n'
        store.write(self.config, text + sources)

    def _apt(self, *args, **kwargs):
        return self._run("apt-get", *args, **kwargs)

    def _run(self, *command, **kwargs):
        env = {**os.environ, "APT_CONFIG": str(self.config), "LC_ALL": "C"}
        why = f"{command[0]} {command[1]} with Debian's archive"
        return ui.run(command, why, env=env, **kwargs)
