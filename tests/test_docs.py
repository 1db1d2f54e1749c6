"""The documents tell the truth, and all of it."""

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
import yaml

from doable.cli import COMMANDS
from doable.metrics import FAMILIES
from doable.rest.application import OPERATIONS
from doable.settings import Settings
from processes import SETTINGS

ROOT = Path(__file__).parents[1]
# All that git knows, and all that is new.
FOUND = subprocess.run(
    ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"],
    cwd=ROOT,
    capture_output=True,
    text=True,
    check=True,
).stdout.split()
PAGES = [ROOT / name for name in FOUND if (ROOT / name).exists()]
MONITORING = ROOT / "docs/monitoring.md"
REFERENCE = re.compile(r"\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)")
FENCED = re.compile(r"^ *(```+).*?^ *\1", re.DOTALL | re.MULTILINE)
CODE = [*(ROOT / "src").rglob("*.py"), *(ROOT / "scripts").glob("*.py"), ROOT / "pyproject.toml"]
NAMED = re.compile(r"(?<![\w./*{}%:-])((?:[\w-]+/)+(?!NAME)[\w-]+\.(?:py|md|sql|ts|json|toml|yaml|ini|service))\b")


def anchors_of(page: Path) -> set[str]:
    """The names that its headings have in an address, as GitHub makes them."""
    count: Counter[str] = Counter()
    for heading in re.findall(r"^#+ (.*)$", FENCED.sub("", page.read_text()), re.MULTILINE):
        text = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading)
        name = re.sub(r"[^\w\- ]", "", text.strip().lower()).replace(" ", "-")
        count[name] += 1
        if count[name] > 1:
            count[f"{name}-{count[name] - 1}"] += 1
    return set(count)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_reference_leads_somewhere(page: Path) -> None:
    for target, anchor in REFERENCE.findall(FENCED.sub("", page.read_text())):
        found = page.parent / target if target else page
        assert found.exists(), f"{page.name} refers to {target}"
        assert not anchor or anchor in anchors_of(found), f"{page.name} refers to {target}#{anchor}"


def test_an_anchor_is_what_github_makes_of_a_heading(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "# `doable serve`\n## What's new?\n```sh\n# no heading\n```\n## A [link](x.md), _b\n## What's new?\n"
    )
    assert anchors_of(page) == {"doable-serve", "whats-new", "a-link-_b", "whats-new-1"}


def test_every_file_that_a_document_or_a_comment_names_exists() -> None:
    for path in [*PAGES, *CODE]:
        for target in NAMED.findall(path.read_text()):
            if target.startswith("benchmarks/results/"):  # what `make bench` writes
                continue
            folders = (ROOT, ROOT / "src/doable", ROOT / "web/src", ROOT / "examples/nextjs", path.parent)
            assert any((folder / target).exists() for folder in folders), f"{path.relative_to(ROOT)} names {target}"


def test_every_setting_is_documented() -> None:
    documented = (ROOT / "docs/settings.md").read_text()
    for field in Settings.model_fields.values():
        assert f"| `{field.alias}` |" in documented
        assert field.description
        assert field.description in documented


def test_every_setting_of_the_example_is_one() -> None:
    names = re.findall(r"^#? ?([A-Z][A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)
    assert set(names) <= {field.alias for field in Settings.model_fields.values()}
    assert {"DATABASE_URL", "BETTER_AUTH_SECRET", "BETTER_AUTH_URL", "CORS_ORIGINS", "PORT"} <= set(names)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_setting_in_a_block_to_paste_reaches_the_program(page: Path) -> None:
    """On a line of its own, without `export`, it would be a variable of the shell, and the service would not see it."""
    fenced = re.findall(r"^ *```(\w*)\n(.*?)^ *```$", page.read_text(), re.DOTALL | re.MULTILINE)
    for block in (text for language, text in fenced if language in {"", "sh", "bash", "shell", "console"}):
        alone = re.findall(r"^\s*(\w+)=(?:'[^']*'|\"[^\"]*\"|\S*)\s*(?:#.*)?$", block, re.MULTILINE)
        lost = [name for name in alone if name in SETTINGS or name.startswith("OTEL_")]
        assert not lost, f"{page.name} sets {lost} without export"


def test_every_command_is_documented() -> None:
    text = "".join(page.read_text() for page in PAGES)
    for command in COMMANDS:
        assert f"`doable {command}" in text, f"doable {command} is documented nowhere"


def test_every_metric_is_documented_with_its_labels() -> None:
    rows = re.findall(r"^\| (`\w+`(?:, `\w+`)*) \|(.*?)\|", MONITORING.read_text(), re.MULTILINE)
    documented = {name: labels.strip() for names, labels in rows for name in names[1:-1].split("`, `")}
    assert {name: ", ".join(f"`{label}`" for label in family.labels) for name, family in FAMILIES.items()} == documented


def test_alerts_are_about_metrics_that_are_there() -> None:
    parts = {"summary": ("_count", "_sum"), "histogram": ("_count", "_sum", "_bucket")}
    exposed = {name + part for name, family in FAMILIES.items() for part in parts.get(family.kind, ("",))}
    scraping, watching = map(yaml.safe_load, re.findall(r"```yaml\n(.*?)```", MONITORING.read_text(), re.DOTALL))
    assert scraping["scrape_configs"]
    for rule in watching["groups"][0]["rules"]:
        named = set(re.findall(r"\bdoable_\w+", rule["expr"]))
        assert named
        assert named <= exposed, rule["alert"]


def test_every_operation_is_documented() -> None:
    documented = (ROOT / "docs/api.md").read_text()
    for operation in OPERATIONS:
        assert f"`{operation.method} {operation.path}`" in documented


def test_the_generated_parts_are_up_to_date() -> None:
    check = [sys.executable, "scripts/docs.py", "--check"]
    done = subprocess.run(check, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_decision_is_on_one_screen_and_names_its_check() -> None:
    decisions = sorted((ROOT / "docs/decisions").glob("*.md"))
    assert [int(path.name[:4]) for path in decisions] == list(range(1, len(decisions) + 1))
    for path in decisions:
        text = path.read_text()
        assert text.startswith(f"# {int(path.name[:4])}. ")
        assert len(text.splitlines()) <= 40
        for part in ("**Context.**", "**Decision.**", "**What follows.**", "**Instead of**", "**Enforced by**"):
            assert part in text, f"{path.name} lacks {part}"
