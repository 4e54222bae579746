"""The terminal's command for looking sections up."""

import json
from datetime import datetime
from typing import Annotated, Any

import typer
from rich.text import Text

from chartline.core.progress import silent
from chartline.terminal.console import Out, command, console, existing, progress


def _option(name: str, text: str) -> Any:
    return typer.Option(name, help=text, show_default=False)


def _day(name: str, text: str) -> Any:
    return typer.Option(name, help=text, formats=["%Y-%m-%d"], show_default=False)


Query = Annotated[
    str,
    typer.Argument(
        help='Words, "a phrase", code:ICD10//I50 (with the codes below it); all must be there. '
        "-word leaves sections out.",
        show_default=False,
    ),
]
Number = Annotated[int, typer.Option("-n", "--number", help="Hits to print.")]
Patient = Annotated[str | None, _option("--patient", "Of this patient.")]
Kind = Annotated[str | None, _option("--kind", "Sections of this kind.")]
Language = Annotated[str | None, _option("--language", "Sections in it: fr, en, …")]
Since = Annotated[datetime | None, _day("--since", "Written on this day or later.")]
Until = Annotated[datetime | None, _day("--until", "Written on this day or earlier.")]
DocumentKind = Annotated[str | None, _option("--document-kind", "Of documents of this kind.")]
At = Annotated[str | None, _option("--path", "Of this document or folder.")]
Include = Annotated[
    list[str] | None,
    _option("--include", "For codes, also what is negated, hypothetical or of the family."),
]
Json = Annotated[bool, typer.Option("--json", help="Print hits as JSON.")]


@command
def search(
    out: Out,
    query: Query,
    number: Number = 10,
    patient: Patient = None,
    kind: Kind = None,
    language: Language = None,
    since: Since = None,
    until: Until = None,
    document_kind: DocumentKind = None,
    path: At = None,
    include: Include = None,
    as_json: Json = False,
) -> None:
    """Look up sections by words or codes, the best first; words without accents or endings.

    The first search makes an index in OUT/.search; one after a run brings it up to date.
    """
    from chartline.search import Filters, as_row
    from chartline.search import search as look_up

    filters = Filters(
        patient=patient,
        kind=kind,
        language=language,
        since=since.date() if since else None,
        until=until.date() if until else None,
        document_kind=document_kind,
        path=path,
        include=frozenset(include or ()),
    )
    store = existing(out)
    if console.is_terminal and not as_json:
        with progress() as watched:
            found = look_up(store, query, filters, number, watched)
    else:
        found = look_up(store, query, filters, number, silent)
    if as_json:
        rows = {"total": found.total, "hits": [as_row(hit) for hit in found.hits]}
        typer.echo(json.dumps(rows, default=_iso, ensure_ascii=False))
        return
    for hit in found.hits:
        console.print(_line(hit))
    console.print(_count(found.total, len(found.hits)))


def _count(total: int, shown: int) -> str:
    if not total:
        return "no section found"
    sections = "1 section" if total == 1 else f"{total} sections"
    return f"{sections} found" if shown == total else f"{sections} found; the best {shown} shown"


def _iso(time: datetime) -> str:
    return time.isoformat()


def _line(hit: Any) -> Text:
    """A `search.Hit` as one line, with what was found in bold, or in asterisks in a pipe."""
    title = hit.title or hit.kind
    begin, end = hit.snippet
    return Text.assemble(
        f"{hit.path}, p. {hit.page}, ",
        _marked(title, hit.title_highlights, 0, len(title)),
        ": ",
        "…" if begin else "",
        _marked(hit.text, hit.highlights, begin, end),
        "…" if end < len(hit.text) else "",
    )


def _marked(text: str, spans: list[tuple[int, int]], begin: int, end: int) -> Text:
    """A stretch of a text on one line, with the spans inside it marked."""
    marked, at = Text(), begin
    for first, last in spans:
        if begin <= first and last <= end:
            marked.append(_flat(text[at:first]))
            word = _flat(text[first:last])
            marked.append(word if console.is_terminal else f"*{word}*", style="bold")
            at = last
    return marked.append(_flat(text[at:end]))


def _flat(text: str) -> str:
    """Line ends and the tabs between cells as spaces."""
    return text.translate({9: " ", 10: " "})
