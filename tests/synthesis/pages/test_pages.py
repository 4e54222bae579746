"""The generator: the same seed gives the same document, and truth travels inside it."""

import random
from pathlib import Path

import polars as pl
import pytest

from chartline.models.line_classifier.labels import LABELS
from synthesis.lines import labelled_lines
from synthesis.pages import content, grids, senders, style_sampling, tints
from synthesis.pages.corpus import RENDERERS, plan
from synthesis.pages.text import LANGUAGES, Writer, bank, held_out


@pytest.mark.parametrize("label", LABELS)
def test_the_tint_carries_the_label(label: str) -> None:
    red, green, blue = tints.tint((12, 200, 99), label)
    assert tints.label_of(red << 16 | green << 8 | blue) == label


def test_splits_share_no_phrase() -> None:
    for language in LANGUAGES:
        for name, options in bank(language).items():
            if len(options) >= 4:
                shared = {str(o) for o in held_out(options, "train")} & {
                    str(o) for o in held_out(options, "test")
                }
                assert shared <= {str(o) for o in options if options.count(o) > 1}, name


def test_same_seed_same_content() -> None:
    one, other = (content.sample(random.Random(5), "fr", "train") for _ in range(2))
    assert one == other


@pytest.mark.parametrize("producer", ["reportlab", "typst"])
def test_what_was_written_is_read_with_its_label(tmp_path: Path, producer: str) -> None:
    sample = plan(tmp_path, 1, "train", 12, {producer: 1.0})[0]
    rng = random.Random(sample.seed)
    said = content.sample(rng, sample.language, "train")
    lines = labelled_lines(sample.write())
    assert len(lines) > 5
    read = {
        label: " ".join(group["text"])
        for (label,), group in lines.group_by("label", maintain_order=True)
    }
    words = [
        word for block in said.flow if block.kind == "paragraph" for word in block.text.split()
    ]
    body = read.get("body", "").replace("- ", "")
    assert sum(word in body for word in words) >= 0.9 * len(words)


@pytest.mark.slow
def test_running_heads_and_footers_are_not_printed_over_the_text(tmp_path: Path) -> None:
    """But for stamps: what no reader could tell apart teaches nothing."""
    pages = 0
    for sample in plan(tmp_path, 25, "train", 3, {"reportlab": 1.0}):
        lines = labelled_lines(sample.write())
        text = lines.filter(pl.col("label").is_in(["body", "title", "table", "front"]))
        around = lines.filter(pl.col("label").is_in(["header", "footer", "page_number"]))
        both = around.join(text, on="page", suffix="_text")
        over = both.filter(
            pl.min_horizontal("x1", "x1_text") - pl.max_horizontal("x0", "x0_text") > 1,
            pl.min_horizontal("bottom", "bottom_text") - pl.max_horizontal("top", "top_text")
            > 0.5 * pl.min_horizontal("size", "size_text"),
        )
        assert over.is_empty(), sample
        pages += lines["page"].n_unique()
    assert pages > 25


def test_an_addressee_is_a_name_above_an_address() -> None:
    writer = Writer(random.Random(4), "de", "train")
    found = [senders.addressee(writer) for _ in range(60)]
    assert all(1 <= len(lines) <= 6 and all(lines) for lines in found)
    assert max(len(lines) for lines in found) >= 4


@pytest.mark.parametrize("producer", ["reportlab", "typst"])
def test_charts_and_grids_side_by_side_are_tables_and_what_ends_a_report_is_other(
    tmp_path: Path, producer: str
) -> None:
    writer = Writer(random.Random(4), "en", "test")
    chart, twins = grids.chart(writer, 6), grids.twins(writer, 4)
    said = content.Content("en", flow=[chart, twins], closing="Nothing follows here")
    RENDERERS[producer](
        said, style_sampling.sample(random.Random(1), "train"), random.Random(1), tmp_path / "d.pdf"
    )
    lines = labelled_lines(tmp_path / "d.pdf")
    read = {
        label: set(" ".join(group["text"]).split()) for (label,), group in lines.group_by("label")
    }
    cells = [cell for block in (chart, twins) for row in block.rows[1:] for cell in row]
    words = [word for cell in cells for word in cell.split()]
    assert sum(word in read["table"] for word in words) >= 0.75 * len(
        words
    )  # narrow cells cut their words
    assert {word.rstrip(":").lower() for title in twins.rows[0] for word in title.split()} <= {
        word.rstrip(":").lower() for word in read["title"]
    }
    assert {"Nothing", "follows", "here"} <= read["other"]
