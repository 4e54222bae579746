"""The project's Markdown pages, and what stands in them."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
# folders that hold no page of ours: what is installed, built or written by runs
_SKIPPED = {".venv", "out", "build", "chartline", ".hypothesis", ".pytest_cache"}
PAGES = sorted(
    page
    for page in ROOT.rglob("*.md")
    if not _SKIPPED & set(page.relative_to(ROOT).parts) and not page.is_symlink()
)
NAMES = [str(page.relative_to(ROOT)) for page in PAGES]
_BLOCK = re.compile(r"^```([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def text(name: str) -> str:
    """The text of a page."""
    return (ROOT / name).read_text("utf-8")


def blocks(name: str, *kinds: str) -> list[str]:
    """The contents of a page's code blocks of these kinds: what stands behind the backticks."""
    return [body for kind, body in _BLOCK.findall(text(name)) if kind.strip() in kinds]


def prose(name: str) -> str:
    """A page without its code blocks."""
    return _BLOCK.sub("", text(name))


def code_spans(name: str) -> list[str]:
    """What stands between backticks in a page's prose."""
    return re.findall(r"`([^`\n]+)`", prose(name))


def anchors(name: str) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    found: set[str] = set()
    for heading in re.findall(r"^#{1,6} +(.+?) *$", prose(name), re.MULTILINE):
        plain = re.sub(r"[^\w\- ]", "", re.sub(r"[`*]|\]\([^)]*\)|\[", "", heading)).strip().lower()
        found.add(plain.replace(" ", "-"))
    return found
