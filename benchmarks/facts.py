"""Facts against sentences that somebody wrote who saw neither the terms nor the cues.

    python -m benchmarks.facts benchmarks/sentences/en_b.tsv [--misses N]

The file has a row for each term of a sentence, tab-separated, with a head: language, sentence, term
(as written in the sentence), code (ICD10//I50 or ATC//C03CA01, as much of it as is sure; empty
where no code is expected), context (words of negated, hypothetical, family, past, stopped, started,
changed, allergy; `plain`; `none` for a term that is no fact). All terms of a sentence that are
facts stand in the file: a fact that is found elsewhere is wrong.

Recall: terms that got a fact. Precision: facts that are expected. Code: facts whose code begins as
expected. Context: for each word, precision and recall over terms that were found.
"""

import argparse
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import polars as pl

import chartline

FLAGS = ("negated", "hypothetical", "family", "past")
STATUSES = ("stopped", "started", "changed", "allergy")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("file", type=Path)
    arguments.add_argument("--misses", type=int, default=0, help="so many of each kind are shown")
    given = arguments.parse_args()
    rows = pl.read_csv(given.file, separator="\t", quote_char=None, infer_schema=False).fill_null(
        ""
    )
    figures = []
    for (language,), group in rows.group_by("language", maintain_order=True):
        counts, misses = evaluate(str(language), group)
        figures.append({"language": language, **shares(counts)})
        for kind, texts in misses.items():
            for text in texts[: given.misses]:
                print(f"{language} {kind}: {text}")
    with pl.Config(tbl_cols=30, tbl_width_chars=240, tbl_rows=-1, tbl_hide_column_data_types=True):
        print(pl.DataFrame(figures))


def evaluate(language: str, rows: pl.DataFrame) -> tuple[Counter[str], dict[str, list[str]]]:
    """Counts of what was right and wrong, and the misses of each kind."""
    counts: Counter[str] = Counter()
    misses: dict[str, list[str]] = defaultdict(list)
    for (sentence,), terms in rows.group_by("sentence", maintain_order=True):
        found = chartline.facts(str(sentence), language=language).to_dicts()
        for term in terms.to_dicts():
            _one(term, found, counts, misses)
        wrong = [fact["text"] for fact in found if not fact.get("expected")]
        counts["facts"] += len(found)
        counts["unexpected"] += len(wrong)
        misses["unexpected"] += [f"{text!r} in {sentence!r}" for text in wrong]
    return counts, misses


def _one(
    term: dict[str, Any],
    found: list[dict[str, Any]],
    counts: Counter[str],
    misses: dict[str, list[str]],
) -> None:
    """Compares one term with the facts of its sentence."""
    begin = term["sentence"].find(term["term"])
    end = begin + len(term["term"])
    here = [fact for fact in found if fact["begin"] < end and begin < fact["end"]]
    expected = set(term["context"].replace(",", " ").split())
    if expected == {"none"}:
        counts["traps"] += 1
        counts["traps held"] += not here
        return
    counts["terms"] += 1
    for fact in here:
        fact["expected"] = True
    if not here:
        misses["missed"].append(f"{term['term']!r} in {term['sentence']!r}")
        return
    counts["found"] += 1
    fact = here[0]
    if term["code"]:
        counts["coded"] += 1
        right = any(f"{one['vocabulary']}//{one['code']}".startswith(term["code"]) for one in here)
        counts["code right"] += right
        if not right:
            code = f"{fact['vocabulary']}//{fact['code']}"
            misses["code"].append(f"{term['term']!r}: {code}, not {term['code']}")
    is_said = {flag for flag in FLAGS if fact[flag]} | {fact["status"]} - {None}
    for word in (*FLAGS, *STATUSES):
        both = (word in expected, word in is_said)
        counts[f"{word} expected"] += both[0]
        counts[f"{word} said"] += both[1]
        counts[f"{word} right"] += all(both)
        if both[0] != both[1]:
            misses[word].append(f"{'+' if both[1] else '-'} {term['term']!r}: {term['sentence']!r}")


def shares(counts: Counter[str]) -> dict[str, Any]:
    """Recall, precision, right codes, traps held, and F1 of each word of context."""
    known = {
        "terms": counts["terms"],
        "recall": _share(counts["found"], counts["terms"]),
        "precision": _share(counts["facts"] - counts["unexpected"], counts["facts"]),
        "code": _share(counts["code right"], counts["coded"]),
        "traps": _share(counts["traps held"], counts["traps"]),
    }
    for word in (*FLAGS, *STATUSES):
        both = counts[f"{word} expected"] + counts[f"{word} said"]
        known[word] = _share(2 * counts[f"{word} right"], both)
    return known


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 3) if whole else None


if __name__ == "__main__":
    main()
