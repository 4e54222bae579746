"""Codes that tell the outcome and that the cohort does not name.

Some are the outcome itself in another vocabulary (`outcome_elsewhere`): they are taken out of the
features, and whoever has one has had the outcome. Others only come with the outcome or after it
(`near_synonyms`): they are listed, for a person to decide.
"""

import re
import unicodedata

import polars as pl

from chartline.core.tables import Events, types_of
from chartline.history.rollup import parents
from chartline.risk.leaks_stems import every_code, in_other_revision, readings, revision
from chartline.risk.tasks import Task

# A near synonym: so large a share of the subjects with the code have the outcome at or before it
_SYNONYM_SHARE = 0.9
_FEWEST_CARRIERS = 10  # subjects with the code: of fewer, the share is chance
BY_STEM, BY_PARENT, BY_NAME = "the outcome's stem", "its parent is the outcome", "its name"
FOLLOWS, MARKS = "comes with the outcome or after it", "before the outcome, in cases alone"
FOUND = {"code": pl.String, "why": pl.String}
# A name with one of these words does not say that the patient has the outcome
_OF_OTHERS = re.compile(
    r"\b(famil\w+|risk|fear|screening|prevention|suspected|possible|ruled|exclu\w+|risque|depistage|"
    r"verdacht|risiko|ausgeschlossen|riesgo|risco|rischio|sospecha|suspeita|sospetto)\b"
)
# nor with one of these before the outcome's name
_DENIED = re.compile(
    r"\b(without|no|not|non|absence|sans|pas|ohne|kein\w*|nicht|sin|sem|senza|zonder|geen|uden|utan)\b"
)
_FEWEST_LETTERS = 8  # of a name that is looked for in others: a shorter one stands in many
_ONE_WORD = 10  # letters of a name of one word, which German compounds may end with


def outcome_elsewhere(
    codes: pl.Series,
    task: Task,
    table: pl.DataFrame | None = None,
    terms: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Codes that are the outcome in a vocabulary that the task does not name.

    A code is one where the task's outcome fits it as it reads in another vocabulary (see
    `leaks_stems`), or, for a revision of the ICD that the task does not name at all, in the other
    revision; where the source says that its parent is the outcome; or where its name holds one of
    the outcome's names. Names decide nothing in vocabularies of the ICD that the task names, whose
    other codes its author left out.

    Args:
        codes: Codes of the events.
        task: What is predicted. Codes that it accepts or leaves out are none.
        table: The table codes, for parents and names.
        terms: code, name: those of a terminology, for the outcome's names.

    Returns:
        code, why; sorted by code.
    """
    unique = codes.unique().sort()
    named, text = set(_matched(unique, task)), _names(table)
    free = pl.DataFrame({"code": unique}).filter(
        ~task.accepted, ~task.left_out, ~pl.col("code").is_in(sorted(named))
    )["code"]
    above = parents(table) if table is not None else {}
    of_outcome = set(_matched(pl.Series(list(above.values()), dtype=pl.String), task))
    known = {*named, *_matched(pl.Series(list(text), dtype=pl.String), task)}
    vocabularies = {code.rpartition("//")[0] for code in known}
    by_stem = _by_stem(free.to_list(), task, vocabularies)
    phrases = _phrases(known, text, terms, task)
    found = []
    for code in free.to_list():
        vocabulary = code.rpartition("//")[0]
        if code in by_stem:
            found.append((code, BY_STEM))
        elif above.get(code) in of_outcome:
            found.append((code, BY_PARENT))
        elif not (vocabulary in vocabularies and vocabulary.startswith("ICD")) and _says(
            text.get(code, ""), phrases
        ):
            found.append((code, BY_NAME))
    return pl.DataFrame(found, schema=FOUND, orient="row")


def _by_stem(codes: list[str], task: Task, vocabularies: set[str]) -> set[str]:
    """Those of `codes`, in vocabularies that the task does not name, that read as the outcome."""
    read = [
        (code, reading)
        for code in codes
        if code.rpartition("//")[0] not in vocabularies
        for reading in readings(code)
    ]
    found = {revision(reading) for _, reading in read} & {"ICD9", "ICD10"}
    unnamed = {one for one in found if not _matched(pl.Series(every_code(one)), task)}
    read += [
        (code, other)
        for code, reading in read
        if revision(reading) in unnamed
        for other in in_other_revision(reading)
    ]
    of_outcome = set(_matched(pl.Series([reading for _, reading in read], dtype=pl.String), task))
    return {code for code, reading in read if reading in of_outcome}


def _matched(codes: pl.Series, task: Task) -> list[str]:
    """Those of `codes` that are the task's outcome."""
    schema = types_of(Events)
    rows = pl.DataFrame({"code": codes.cast(pl.String)}).with_columns(
        pl.lit(None, dtype).alias(name) for name, dtype in schema.items() if name != "code"
    )
    return rows.filter(task.outcome)["code"].to_list()


def _names(table: pl.DataFrame | None) -> dict[str, str]:
    """The plain name of each code that the source names."""
    if table is None:
        return {}
    named = table.select("code", "description").drop_nulls()
    return {code: _plain(name) for code, name in named.iter_rows()}


def _phrases(
    known: set[str], text: dict[str, str], terms: pl.DataFrame | None, task: Task
) -> list[str]:
    """Names of the outcome; none that the source gives to another code of the ICD as well."""
    others = {name for code, name in text.items() if code not in known and code.startswith("ICD")}
    names = {text[code] for code in known if code in text} - others
    if terms is not None:
        of_outcome = _matched(terms["code"].unique(), task)
        named = terms.filter(pl.col("code").is_in(of_outcome))["name"]
        names |= {_plain(name) for name in named.to_list()}
    return sorted(name for name in names if len(name) >= _FEWEST_LETTERS)


def _says(name: str, phrases: list[str]) -> bool:
    """Whether a plain name holds one of the phrases as words, and does not deny it."""
    if _OF_OTHERS.search(name):
        return False
    words = f" {name} "
    for phrase in phrases:
        compound = " " not in phrase and len(phrase) >= _ONE_WORD
        before, found, _ = words.partition(f"{phrase} " if compound else f" {phrase} ")
        if found and not _DENIED.search(before):
            return True
    return False


def _plain(name: str) -> str:
    """Lower case, without accents and signs.

    >>> _plain("Insuffisance cardiaque (décompensée)")
    'insuffisance cardiaque decompensee'
    """
    letters = unicodedata.normalize("NFKD", name.casefold())
    kept = "".join(one for one in letters if not unicodedata.combining(one))
    return " ".join(re.findall(r"[^\W_]+", kept))


def near_synonyms(events: pl.DataFrame, task: Task) -> pl.DataFrame:
    """Codes that nearly give the outcome away and are not among the task's synonyms.

    At least nine in ten of the subjects with the code (ten or more) have the outcome no later than
    the code. A person should look at them: such a code belongs among the task's `synonyms`, or it
    is a true consequence of the outcome. All events are looked at, those after the prediction times
    too: what is found is listed, and no feature or model is made from it.

    Returns:
        code, carriers (subjects with the code), share; the most common code first.
    """
    first = events.filter(task.outcome).group_by("subject_id").agg(outcome=pl.col("time").min())
    other = events.filter(~task.hidden, ~task.accepted, pl.col("time").is_not_null())
    carried = (
        other.group_by("subject_id", "code")
        .agg(time=pl.col("time").min())
        .join(first, on="subject_id", how="left")
    )
    shares = carried.group_by("code").agg(
        carriers=pl.len(), share=(pl.col("outcome") <= pl.col("time")).fill_null(False).mean()
    )
    return shares.filter(
        pl.col("carriers") >= _FEWEST_CARRIERS, pl.col("share") >= _SYNONYM_SHARE
    ).sort("carriers", "code", descending=[True, False])


def with_carriers(found: pl.DataFrame, events: pl.DataFrame, task: Task) -> pl.DataFrame:
    """`outcome_elsewhere` with carriers, and the share of them who ever have the outcome."""
    ever = events.filter(task.outcome).select("subject_id").unique()
    carried = events.join(found, on="code").select("code", "why", "subject_id").unique()
    return (
        carried.join(ever.with_columns(has=True), on="subject_id", how="left")
        .group_by("code", "why")
        .agg(carriers=pl.len(), share=pl.col("has").fill_null(False).mean())
        .sort("carriers", "code", descending=[True, False])
    )
