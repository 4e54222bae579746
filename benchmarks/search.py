"""Full-text search over many sections: `python -m benchmarks.search [SECTIONS]`

Invented sections (200,000 by default, 5 a document) in seven languages are written as tables.
Prints the seconds to make the index, to complete it after 1,000 documents more and to make it
again after one is removed, its size on disk, and the time of queries as the median and the 95th
percentile, with and without the check that the tables are as they were.
"""

import random
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks import arguments
from chartline.core.progress import silent
from chartline.core.tables import TABLES, types_of
from chartline.search import Filters, search
from chartline.search.upkeep import up_to_date
from chartline.store import Store

SECTIONS = 200_000
A_DOCUMENT = 5  # sections
MORE = 1_000  # documents of a night
WORDS = 80  # of a section: some 550 characters
REPEATS = 20  # of each query
SYLLABLES = "ba ce di fo gu la me ni po ru sa té vi xo za é ção ung tion heid".split()
LANGUAGES = {
    "fr": "patient opérée insuffisance cardiaque œdèmes dyspnée traitement de la le et pour",
    "en": "patient admitted heart failure oedema dyspnea treatment of the and for with",
    "de": "Patient Herzinsuffizienz Ödeme Atemnot Behandlung der die und für mit",
    "es": "paciente insuficiencia cardíaca edemas disnea tratamiento de la el y para",
    "it": "paziente insufficienza cardiaca edemi dispnea terapia di la il e per",
    "nl": "patiënt hartfalen oedeem kortademigheid behandeling van de het en voor",
    "pt": "paciente insuficiência cardíaca edemas dispneia tratamento de a o e para",
}
CODES = [f"I{number}.{digit}" for number in range(10, 80) for digit in range(10)]
QUERIES: dict[str, tuple[str, Filters]] = {
    "one common word": ("insuffisance", Filters()),
    "three words": ("patient insuficiencia disnea", Filters()),
    "words of every section": ("de la", Filters()),
    "a phrase": ('"heart failure"', Filters()),
    "a phrase of common words": ('"de la"', Filters()),
    "a word left out": ("dyspnee -oedemes", Filters()),
    "a code and its children": ("code:ICD10//I50", Filters()),
    "code and word, filtered": (
        "code:I50 oedema",
        Filters(language="en", kind="history", since=datetime(2021, 1, 1, tzinfo=UTC).date()),
    ),
    "a patient": ("patient", Filters(patient="77")),
    "nothing": ("qqq", Filters()),
}


def tables(first: int, documents: int) -> dict[str, pl.DataFrame]:
    """Tables of invented documents from number `first` on; rare words as well as common ones."""
    draw = random.Random(first)
    rare = ["".join(draw.choices(SYLLABLES, k=draw.randint(2, 4))) for _ in range(20_000)]
    rows: dict[str, list[dict[str, object]]] = {"documents": [], "sections": [], "mentions": []}
    begin = datetime(2018, 1, 1, tzinfo=UTC)
    for number in range(first, first + documents):
        name, language = f"{number:016x}", draw.choice(list(LANGUAGES))
        common = LANGUAGES[language].split()
        rows["documents"].append(
            {
                **{"document_id": name, "path": f"{number % 100}/{number}.pdf", "pages": 1},
                **{"patient_id": str(number // 10), "language": language, "status": "processed"},
                **{"written_at": begin + timedelta(days=number % 2000), "version": "1"},
                **{"content_hash": "", "size": 1, "modified_at": begin, "kind": "letter"},
            }
        )
        for section in range(A_DOCUMENT):
            text = " ".join(draw.choices(common, k=WORDS // 2) + draw.choices(rare, k=WORDS // 2))
            rows["sections"].append(
                {
                    **{"document_id": name, "section": section, "title": "Titre", "text": text},
                    **{"kind": draw.choice(["history", "other"]), "language": language},
                    **{"first_page": 1, "last_page": 1},
                    "spans": [{"begin": 0, "end": len(text), "page": 1, "line": 0}],
                }
            )
            for place in range(2):
                rows["mentions"].append(
                    {
                        **{"document_id": name, "section": section, "begin": 10 * place},
                        **{"end": 10 * place + 5, "vocabulary": "ICD10", "text": text[:5]},
                        **{"code": draw.choice(CODES), "kind": "condition", "past": False},
                        **{"negated": draw.random() < 0.2, "hypothetical": False},
                        **{"family": False, "confidence": 1.0},
                    }
                )
    return {name: pl.DataFrame(of, schema=types_of(TABLES[name])) for name, of in rows.items()}


def seconds(action: Callable[[], object]) -> float:
    """How long an action takes."""
    begin = time.perf_counter()
    action()
    return time.perf_counter() - begin


def making(store: Store) -> str:
    """How long it takes to make the index or bring it up to date."""
    before = time.process_time()
    whole = seconds(lambda: up_to_date(store, silent))
    return f"{whole:.1f} s, {time.process_time() - before:.1f} s of them of one core"


def size(folder: Path) -> float:
    """Megabytes of a folder's files."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6


def write(store: Store, first: int, documents: int) -> None:
    """Adds documents to the tables, as a run does."""
    parts = tables(first, documents)
    parts["lines"] = pl.DataFrame(schema=types_of(TABLES["lines"]))
    store.replace_documents(parts, parts["documents"]["document_id"])


def measure_queries(store: Store) -> None:
    """Prints the times of each query, and of all."""
    every: list[float] = []
    for name, (query, filters) in QUERIES.items():
        times = [seconds(partial(search, store, query, filters)) for _ in range(REPEATS)]
        total = search(store, query, filters).total
        middle, slow = np.percentile(np.array(times) * 1000, [50, 95])
        print(f"{name}: {middle:.0f} ms, 95 % within {slow:.0f} ms ({total:,} sections)")
        every += times
    middle, slow = np.percentile(np.array(every) * 1000, [50, 95])
    check = np.median([seconds(lambda: up_to_date(store, silent)) for _ in range(REPEATS)]) * 1000
    print(f"all: {middle:.0f} ms, 95 % within {slow:.0f} ms; {check:.0f} ms of it to see that")
    print("  the index is that of the tables, and to open it")


def main(sections: int) -> None:
    """Prints all measurements."""
    documents = sections // A_DOCUMENT
    with tempfile.TemporaryDirectory() as name:
        store = Store(Path(name))
        for first in range(0, documents, 10_000):
            write(store, first, min(10_000, documents - first))
        print(f"index made: {making(store)}")
        text = store.read("sections", ["text"])["text"].str.len_bytes().sum() / 1e6
        print(f"index: {size(Path(name) / '.search'):.0f} MB on disk, for {text:.0f} MB of text")
        measure_queries(store)
        write(store, documents, MORE)
        print(f"{MORE:,} documents more: {making(store)}")
        store.remove_documents([f"{0:016x}"])
        print(f"one removed, made again: {making(store)}")


if __name__ == "__main__":
    given = arguments(__doc__)
    main(int(given[0]) if given else SECTIONS)
