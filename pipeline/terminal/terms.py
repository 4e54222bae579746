"""`chartline terms`: what is known of a word."""

from typing import Annotated

import typer

from chartline.terminal.console import Config, command, console, show


@command
def terms(
    word: Annotated[
        str,
        typer.Argument(
            metavar="WORD", help="A term, or a code as ICD10//I50.9.", show_default=False
        ),
    ],
    config: Config = None,
) -> None:
    """What a word means in each language: its codes, and where it counts as a fact."""
    from chartline.core.settings import load
    from chartline.mentions.known import known_of
    from chartline.mentions.own_terms import read_own_terms

    known = known_of(word, read_own_terms(*load(config).reading.terms))
    if known.is_empty():
        console.print(f"{word}: no term of any language, and no code", markup=False)
    else:
        show(word, known)
