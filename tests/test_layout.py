"""The rules of the house that no linter knows. Plain pytest, reads files only."""

import ast
import csv
import re
import shutil
import subprocess
import sys
import zipfile
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SUITE = ("complaint_management", "supplier_quality", "complaint_portal")
ADDONS = [name for name in SUITE if (ROOT / name / "__manifest__.py").is_file()]
MAX_LINES = 400
CODE = {".py", ".xml", ".csv", ".js", ".scss"}

# Addons and the models of other addons that an addon must not know.
FORBIDDEN = {
    "complaint_management": (
        r"\bsupplier_quality\b",
        r"\bcomplaint_portal\b",
        r"\bodoo\.addons\.(purchase|portal)",
        r"""["'](purchase|portal)\.[a-z]""",
        r"\b(purchase|portal)_[a-z_]*\.[a-z]",
        r"\bmodel_(purchase|portal)_",
    ),
    "supplier_quality": (
        r"\bcomplaint_portal\b",
        r"\bodoo\.addons\.portal",
        r"""["']portal\.[a-z]""",
    ),
}
FORBIDDEN_DEPENDS = {
    "complaint_management": r"(supplier_|complaint_|purchase|portal|website)",
    "supplier_quality": r"(complaint_portal|portal|website)",
}
# In pieces, so that this file doesn't break its own rule.
HOSTS = ["debian" + ".org", "pypi" + ".org", "python" + "hosted", "npm" + "js."]
MACHINE = ["/wo" + "rk/", "/ro" + "ot/"]


def python_files(folder):
    return [p for p in sorted(folder.rglob("*.py")) if "__pycache__" not in p.parts]


def manifest(addon):
    text = (ROOT / addon / "__manifest__.py").read_text(encoding="utf-8")
    return ast.literal_eval(text)


@cache
def tracked_files():
    """Files of the repository; without git, those that lie there."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    if shutil.which("git") and (ROOT / ".git").exists():
        output = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
        names = output.stdout.decode().split("\0")
        return [ROOT / name for name in names if name and (ROOT / name).is_file()]
    return [p for p in ROOT.rglob("*") if p.is_file() and ".dev" not in p.parts]


def model_classes(folder):
    """(file, class, what it says about itself) of each model class."""
    for path in python_files(folder):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef) and _is_model(node):
                yield path, node, _said(node)


def _is_model(node):
    return any(
        isinstance(base, ast.Attribute)
        and base.attr in {"Model", "TransientModel", "AbstractModel"}
        for base in node.bases
    )


def _said(node):
    """The literal values of ``_name``, ``_inherit`` and the like."""
    found = {"abstract": any(b.attr == "AbstractModel" for b in _attributes(node))}
    for statement in node.body:
        if isinstance(statement, ast.Assign) and isinstance(
            statement.targets[0], ast.Name
        ):
            try:
                value = ast.literal_eval(statement.value)
            except ValueError:
                continue
            found[statement.targets[0].id] = value
    return found


def _attributes(node):
    return [base for base in node.bases if isinstance(base, ast.Attribute)]


def own_models(addon):
    """Names of the models that the addon makes (not those that it extends)."""
    for _path, _node, said in model_classes(ROOT / addon):
        name = said.get("_name")
        if name and name not in _inherited(said):
            yield name, said


def _inherited(said):
    inherit = said.get("_inherit") or ()
    return [inherit] if isinstance(inherit, str) else list(inherit)


def line_of(text, position):
    return text.count("\n", 0, position) + 1


def mentions(addon, patterns):
    """Where code of the addon matches a pattern."""
    found = []
    for path in sorted((ROOT / addon).rglob("*")):
        if path.suffix not in CODE or not path.is_file():
            continue
        text = path.read_text(encoding="utf-8")
        for pattern in patterns:
            for match in re.finditer(pattern, text):
                place = f"{path.relative_to(ROOT)}:{line_of(text, match.start())}"
                found.append(f"{place}: {match[0]}")
    return found


def test_suite_has_addons():
    assert ADDONS


@pytest.mark.parametrize("addon", FORBIDDEN)
def test_code_names_nothing_of_a_higher_addon(addon):
    if addon not in ADDONS:
        pytest.skip(f"{addon} isn't there yet")
    patterns = list(FORBIDDEN[addon])
    for higher in SUITE[SUITE.index(addon) + 1 :]:
        if higher in ADDONS:
            names = {name for name, _said in own_models(higher)}
            patterns += [rf"""["']{re.escape(name)}["']""" for name in sorted(names)]
    assert not mentions(addon, patterns)


@pytest.mark.parametrize("addon", FORBIDDEN_DEPENDS)
def test_manifest_depends_on_nothing_above(addon):
    if addon not in ADDONS:
        pytest.skip(f"{addon} isn't there yet")
    pattern = FORBIDDEN_DEPENDS[addon]
    allowed = {"complaint_management", "purchase_stock", "purchase_requisition"}
    depends = manifest(addon)["depends"]
    if addon == "complaint_management":
        allowed = set()
    assert not [d for d in depends if re.match(pattern, d) and d not in allowed]


@pytest.mark.parametrize("path", [p for p in tracked_files() if p.suffix == ".py"])
def test_python_file_is_short(path):
    lines = path.read_text(encoding="utf-8").count("\n")
    assert lines <= MAX_LINES, f"{path.relative_to(ROOT)} has {lines} lines"


@pytest.mark.parametrize("addon", ADDONS)
def test_each_model_has_an_access_rule(addon):
    path = ROOT / addon / "security" / "ir.model.access.csv"
    granted = set()
    if path.is_file():
        with open(path, encoding="utf-8", newline="") as stream:
            rows = csv.DictReader(stream)
            granted = {row["model_id:id"].rpartition(".")[2] for row in rows}
    wanted = {
        f"model_{name.replace('.', '_')}"
        for name, said in own_models(addon)
        if not said["abstract"]
    }
    assert not sorted(wanted - granted)


@pytest.mark.parametrize("addon", ADDONS)
def test_no_model_is_extended_twice(addon):
    places = {}
    for path, node, said in model_classes(ROOT / addon):
        names = _inherited(said)
        if said.get("_name"):
            names = [name for name in names if name == said["_name"]]
        elif len(names) > 1:
            names = names[:1]
        for name in names:
            places.setdefault(name, []).append(f"{path.name}:{node.lineno}")
    assert not {name: where for name, where in places.items() if len(where) > 1}


@pytest.mark.parametrize("addon", ADDONS)
def test_nothing_is_imported_from_odoo_orm(addon):
    found = []
    for path in python_files(ROOT / addon):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            modules = []
            if isinstance(node, ast.ImportFrom):
                modules = [node.module or ""]
            elif isinstance(node, ast.Import):
                modules = [alias.name for alias in node.names]
            if any(re.match(r"odoo\.orm(\.|$)", module) for module in modules):
                found.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert not found


@pytest.mark.parametrize("addon", ADDONS)
def test_tools_import_no_odoo(addon):
    found = []
    for path in python_files(ROOT / addon / "tools"):
        text = path.read_text(encoding="utf-8")
        if re.search(r"^\s*(from|import) odoo\b", text, re.MULTILINE):
            found.append(str(path.relative_to(ROOT)))
    assert not found


@pytest.mark.parametrize("addon", ADDONS)
def test_addon_builds_a_wheel(addon, tmp_path):
    source = tmp_path / addon
    ignore = shutil.ignore_patterns("__pycache__", "build", "dist")
    shutil.copytree(ROOT / addon, source, ignore=ignore)
    code = "import sys, whool.buildapi as api; api.build_wheel(sys.argv[1])"
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        cwd=source,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    [wheel] = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert f"odoo/addons/{addon}/__manifest__.py" in names


def test_no_machine_of_ours_is_named():
    found = []
    for path in tracked_files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [
            f"{path.relative_to(ROOT)}: {word}"
            for word in HOSTS + MACHINE
            if word in text
        ]
    assert not found
