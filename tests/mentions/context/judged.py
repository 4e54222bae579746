"""Terms of a sentence, given by hand, and what the engine says of them."""

from chartline.mentions.context.judging import contexts
from chartline.mentions.spans import Context, Span
from chartline.mentions.words import passage

FLAGS = ("negated", "hypothetical", "family", "past")


def spans_in(text: str, terms: list[str]) -> list[Span]:
    """The terms where they stand in a text; `aspirin*` is a drug."""
    found = []
    for term in terms:
        name = term.removesuffix("*")
        begin = text.lower().index(name.lower())
        kind = "drug" if term.endswith("*") else "condition"
        found.append(Span(begin, begin + len(name), "LOCAL", name, kind, name))
    return sorted(found)


def said_of(context: Context) -> str:
    """A context in words: `negated,family`, `stopped`, `none` for what is no fact, `plain`."""
    if context.no_fact:
        return "none"
    flags = [flag for flag in FLAGS if getattr(context, flag)]
    return ",".join([*flags, *([context.status] if context.status else [])]) or "plain"


def judged(text: str, language: str, *terms: str, section: str = "body") -> list[str]:
    """What the engine says of each term, in the order of the text."""
    return [
        said_of(context)
        for context in contexts(passage(text, language), spans_in(text, list(terms)), section)
    ]
