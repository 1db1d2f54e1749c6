"""Give MkDocs the documents where they are in the repository, so that their references hold on the site too.

MkDocs calls these functions: `mkdocs.yml` names this file.
"""

import re
import subprocess
from pathlib import Path
from typing import Final

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

ROOT: Final = Path(__file__).parent.parent
OTHERS: Final = "src/"  # where documents are not ours
LIST: Final = re.compile(r"- ")
IN_LIST: Final = re.compile(r"- |  ")
REFERENCE: Final = re.compile(r"\]\((?!https?:)([^)#]+)")


def documents() -> list[str]:
    """All documents that git knows, and all that are new."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()  # noqa: S603
    return sorted(name for name in set(names) if not name.startswith(OTHERS) and (ROOT / name).exists())


def attachments(pages: list[str]) -> set[str]:
    """What the documents refer to, and is none: pictures and programs."""
    found = set[str]()
    for page in pages:
        for target in REFERENCE.findall((ROOT / page).read_text()):
            path = (ROOT / page).parent / target
            if path.suffix != ".md" and path.is_file():
                found.add(path.resolve().relative_to(ROOT).as_posix())
    return found


def on_config(config: MkDocsConfig) -> None:
    """Write the decisions out in the navigation, so that a new one needs no line there."""
    decisions = [name for name in documents() if name.startswith("docs/decisions/")]
    for part in config.nav or []:
        for pages in part.values() if isinstance(part, dict) else ():
            if "docs/decisions/*.md" in pages:
                pages[pages.index("docs/decisions/*.md")] = {"Decisions": decisions}


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Instead of what is in `docs_dir`; the files of the theme stay."""
    pages = documents()
    ours = (
        File(name, str(ROOT), config.site_dir, use_directory_urls=config.use_directory_urls)
        for name in [*pages, *sorted(attachments(pages))]
    )
    return Files([*(file for file in files if file.src_dir != config.docs_dir), *ours])


def on_page_markdown(markdown: str, **_: object) -> str:
    """Write lists as Python-Markdown wants them, which CommonMark does not ask for.

    It wants an empty line before a list, and four spaces before what belongs to an entry.
    """
    lines: list[str] = []
    fence = ""
    for line in markdown.splitlines():
        if is_fence := re.match(r" *```", line):
            fence = "" if fence else is_fence[0]
        at_root = not (fence or is_fence) or (fence or line).startswith("   ")
        if at_root and line.startswith("   "):
            lines.append(f" {line}")
            continue
        if not (fence or is_fence) and LIST.match(line) and lines and lines[-1] and not IN_LIST.match(lines[-1]):
            lines.append("")
        lines.append(line)
    return "\n".join(lines)
