"""Speed of concept vectors and features: `python -m benchmarks.concept_vectors [10] [--large]`.

The number is that of simulated events, in millions. One core, except for the cluster. Prints:
co-occurrence counting within 30 and 90 days and with half the patients; gensim's skip-gram on a
file prepared beforehand against ours from events; features for 100,000 patients (needs 16 million
events); counting on a Dask cluster of two workers (needs the extra `cluster`); with `--large` also
vectors from 100 million events in shards, with the peak of memory.
"""

import os

os.environ.setdefault("POLARS_MAX_THREADS", "1")

import multiprocessing
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks import arguments
from chartline.core.settings import EmbeddingSettings, FeatureSettings
from chartline.core.tables import Events, cast_to
from chartline.models.concept_vectors import cooccurrence, skipgram
from chartline.models.concept_vectors.cooccurrence import Window
from chartline.models.concept_vectors.occurrences import occurrences
from chartline.risk import embeddings, features, tasks
from chartline.risk.people import people_of
from synthesis.patients import simulation

EVENTS_A_PATIENT = 140


def print_row(what: str, value: str) -> None:
    """Prints one measurement."""
    sys.stdout.write(f"{what:<72}{value}\n")
    sys.stdout.flush()


def simulated(millions: float, folder: Path) -> list[Path]:
    """Simulated events, as Parquet files of 20,000 patients each."""
    files = []
    for number in range(max(1, round(millions * 1e6 / EVENTS_A_PATIENT / 20_000))):
        events = simulation.simulate(20_000, number, replicates=0).events
        nothing = {"text_value": pl.String, "document_id": pl.String, "encounter_id": pl.String}
        more = [pl.lit(None, dtype).alias(name) for name, dtype in nothing.items()]
        apart = events.with_columns(
            pl.col("subject_id") + number * 1_000_000, pl.lit("ehr").alias("source"), *more
        )
        files.append(folder / f"{number}.parquet")
        cast_to(apart, Events).write_parquet(files[-1])
    return files


def counting(events: pl.LazyFrame, codes: pl.Series) -> pl.DataFrame:
    """Measures co-occurrence counting; returns the occurrences of the codes."""
    begin = time.perf_counter()
    dated = occurrences(events, codes)
    prepared = time.perf_counter() - begin
    total = events.select(pl.len()).collect().item()
    for what, part, days in (
        ("30 days", dated, 30),
        ("90 days", dated, 90),
        ("30 days, half the patients", dated.filter(pl.col("subject_id") % 2 == 0), 30),
    ):
        begin = time.perf_counter()
        found = cooccurrence.count(part, len(codes), Window(days))
        took = time.perf_counter() - begin
        share = len(part) / len(dated)
        whole = total * share / (took + prepared * share) / 1e6
        pairs = f"{len(part) / 1e6:.1f} M occurrences, {found.sum() / 2e6:.0f} M pairs"
        print_row(
            f"counting within {what}: {pairs}",
            f"{took:.2f} s, {len(part) / took / 1e6:.1f} M a second; "
            f"from events on {whole:.1f} M events a second",
        )
    return dated


def skip_gram(dated: pl.DataFrame, codes: pl.Series) -> None:
    """Measures one epoch of skip-gram: gensim alone, and ours, which also writes the sentences."""
    settings = skipgram.SkipGram(epochs=1)
    some = dated.head(3_000_000)
    with tempfile.TemporaryDirectory() as name:
        file = Path(name) / "corpus"
        with file.open("wb") as out:
            skipgram.write(skipgram.sentences(some, 30, 1), out)
        begin = time.perf_counter()
        skipgram.train(file, settings)
        alone = time.perf_counter() - begin
    begin = time.perf_counter()
    skipgram.learn([some], len(codes), 30, settings)
    ours = time.perf_counter() - begin
    of_five = (ours - alone) / (alone * 5 + ours - alone)
    print_row(
        f"skip-gram, one epoch of {len(some) / 1e6:.1f} M occurrences: gensim alone, ours",
        f"{alone:.1f} s, {ours:.1f} s ({ours / alone - 1:+.1%}; {of_five:.1%} of five epochs)",
    )


def feature_table(files: list[Path], patients: int = 108_000) -> None:
    """Measures the making of a feature table with one row a patient."""
    events = pl.read_parquet(files).sort("subject_id", "time", nulls_last=False)
    some = events["subject_id"].unique().sort().head(patients)
    mine = events.filter(pl.col("subject_id").is_in(some.implode()))
    vectors = embeddings.concept_vectors(mine, some, EmbeddingSettings())
    last = people_of(mine).select("subject_id", prediction_time="last")
    rows = last.with_columns(
        boolean_value=pl.lit(None, pl.Boolean),
        split=pl.lit("score"),
        sampling_weight=pl.lit(None, pl.Float64),
    )
    task = tasks.load("heart_failure")
    begin = time.perf_counter()
    built = features.features(mine, vectors, rows, task, FeatureSettings())
    took = time.perf_counter() - begin
    size = f"{len(mine) / 1e6:.1f} M events, {built.table.width} columns"
    print_row(f"features of {len(rows):,} patients, {size}", f"{took:.1f} s")


def large(files: list[Path], folder: Path) -> None:
    """Measures vectors from 100 million events: copies of the files under other subject ids.

    Events are read in shards, so that only one part is in memory.
    """
    rows = sum(pl.scan_parquet(file).select(pl.len()).collect().item() for file in files)
    copies = round(100e6 / rows)
    for copy in range(1, copies):
        for file in files:
            pl.read_parquet(file).with_columns(
                pl.col("subject_id") + copy * 100_000_000
            ).write_parquet(folder / f"{copy}-{file.name}")
    every = sorted(folder.glob("*.parquet"))
    for share, used in (("half", every[: len(every) // 2]), ("all", every)):
        lazy = pl.scan_parquet(used)
        subjects = lazy.select(pl.col("subject_id").unique()).collect()["subject_id"]
        total = lazy.select(pl.len()).collect().item()
        begin = time.perf_counter()
        table = embeddings.concept_vectors(
            lazy, subjects, EmbeddingSettings(), shard_events=5_000_000
        )
        took = time.perf_counter() - begin
        peak = own_peak()
        print_row(
            f"PPMI vectors from {total / 1e6:.0f} M events ({share}), {len(table)} codes",
            f"{took:.0f} s, {total / took / 1e6:.2f} M events a second, peak {peak:.0f} MB",
        )


def own_peak() -> float:
    """The peak of this process's resident memory, in megabytes.

    Not by getrusage: for a child it starts with the memory of the parent.
    """
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def cluster(dated: pl.DataFrame, size: int) -> None:
    """Measures counting in 8 shards, in this process and on a Dask cluster of two workers."""
    from distributed import Client, LocalCluster

    with tempfile.TemporaryDirectory() as name:
        parts = []
        for shard in range(8):
            parts.append(Path(name) / f"{shard}.parquet")
            dated.filter(pl.col("subject_id") % 8 == shard).write_parquet(parts[-1])
        begin = time.perf_counter()
        alone = sum(counted(str(part), size) for part in parts)
        single = time.perf_counter() - begin
        with (
            LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as workers,
            Client(workers) as client,
        ):
            client.run(counted, str(parts[0]), size)  # imports
            begin = time.perf_counter()
            there = sum(
                client.gather(client.map(counted, [str(part) for part in parts], size=size))
            )
            took = time.perf_counter() - begin
        same = abs(there - alone).max() == 0
        print_row(
            "counting 8 shards: here, on a Dask cluster of two workers",
            f"{single:.1f} s, {took:.1f} s; the same counts: {same}",
        )


def counted(file: str, size: int) -> "np.ndarray":
    """Co-occurrence counts of a Parquet file of occurrences, shape `(size, size)`."""
    from scipy import sparse

    found: sparse.csr_array = cooccurrence.count(pl.read_parquet(file), size, Window(30))
    return found  # type: ignore[return-value]


def main(millions: float, everything: bool) -> None:
    """Prints a line a measurement."""
    with tempfile.TemporaryDirectory() as name:
        files = simulated(millions, Path(name))
        events = pl.scan_parquet(files)
        common = (
            events.filter(pl.col("time").is_not_null())
            .group_by("code")
            .len()
            .filter(pl.col("len") >= 5)
        )
        codes = common.sort("len", "code", descending=True).collect()["code"]
        dated = counting(events, codes)
        skip_gram(dated, codes)
        cluster(dated, len(codes))
        del dated
        feature_table(files)
        if everything:  # in a process of its own, since its peak of memory is measured
            child = multiprocessing.get_context("spawn").Process(
                target=large, args=(files, Path(name))
            )
            child.start()
            child.join()


if __name__ == "__main__":
    given = arguments(__doc__)
    numbers = [float(argument) for argument in given if not argument.startswith("-")]
    main(numbers[0] if numbers else 10, "--large" in given)
