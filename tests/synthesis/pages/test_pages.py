"""The page generator: reproducible, and each glyph carries its true label through the PDF."""

import random
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from chartline.models.line_classifier.labels import LABELS
from synthesis.lines import labelled_lines
from synthesis.pages import content, grids, noise, senders, style_sampling, tints
from synthesis.pages.corpus import RENDERERS, plan
from synthesis.pages.style import is_narrow, name_and_value
from synthesis.pages.text import LANGUAGES, Writer, bank, held_out


@pytest.mark.parametrize("label", LABELS)
def test_a_tint_carries_its_label(label: str) -> None:
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
    document = content.sample(rng, sample.language, "train")
    lines = labelled_lines(sample.write())
    assert len(lines) > 5
    read = {
        label: " ".join(group["text"])
        for (label,), group in lines.group_by("label", maintain_order=True)
    }
    words = [
        word for block in document.flow if block.kind == "paragraph" for word in block.text.split()
    ]
    body = read.get("body", "").replace("- ", "")
    assert sum(word in body for word in words) >= 0.9 * len(words)


@pytest.mark.slow
def test_running_heads_and_footers_are_not_printed_over_the_text(tmp_path: Path) -> None:
    """Only stamps may overlap the text: lines printed over each other have no true label."""
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
    document = content.Content("en", flow=[chart, twins], closing="Nothing follows here")
    RENDERERS[producer](
        document,
        style_sampling.sample(random.Random(1), "train"),
        random.Random(1),
        tmp_path / "d.pdf",
    )
    lines = labelled_lines(tmp_path / "d.pdf")
    read = {
        label: set(" ".join(group["text"]).split()) for (label,), group in lines.group_by("label")
    }
    cells = [cell for block in (chart, twins) for row in block.rows[1:] for cell in row]
    words = [word for cell in cells for word in cell.split()]
    found = sum(word in read["table"] for word in words)
    assert found >= 0.75 * len(words)  # narrow cells cut their words
    titles = {word.rstrip(":").lower() for title in twins.rows[0] for word in title.split()}
    assert titles <= {word.rstrip(":").lower() for word in read["title"]}
    assert {"Nothing", "follows", "here"} <= read["other"]


def test_elements_are_counted_anew_in_each_document() -> None:
    tints.restart_elements()
    first, second = (tints.tint((255, 255, 255), "body") for _ in range(2))
    assert [_element(color) for color in (first, second)] == [0, 1]
    tints.restart_elements()
    assert tints.tint((255, 255, 255), "body") == first


def _element(color: tints.Rgb) -> int:
    red, green, blue = color
    return tints.element_of(red << 16 | green << 8 | blue)


def test_some_styles_are_kept_for_the_test_split() -> None:
    """Of each list of looks, training draws values that the test split does not."""
    drawn = {
        split: [style_sampling.sample(random.Random(seed), split) for seed in range(300)]
        for split in ("train", "test")
    }
    for name in ("family", "title_look", "letterhead_at", "table_look", "signature_at"):
        train, test = ({getattr(style, name) for style in drawn[split]} for split in drawn)
        assert len(train) > 2
        assert test
        assert not train & test, name


def test_narrow_pages_have_one_column_and_small_type() -> None:
    styles = [style_sampling.sample(random.Random(seed), "train") for seed in range(600)]
    narrow = [style for style in styles if is_narrow(style.page)]
    assert len(narrow) > 5
    assert {style.columns for style in narrow} == {1}
    assert max(style.size for style in narrow) <= style_sampling.SMALL_PAGE_SIZE
    assert {style.columns for style in styles} == {1, 2}


def test_a_line_is_split_into_name_and_value() -> None:
    style = style_sampling.sample(random.Random(1), None)
    apart, bare = replace(style, front_pairs="apart"), replace(style, front_pairs="apart-bare")
    assert name_and_value("Born: 1 May", apart) == ("Born:", "1 May")
    assert name_and_value("Born: 1 May", bare) == ("Born", "1 May")
    assert name_and_value("Mr Dubray", apart) == ("Mr Dubray", "")


def test_scans_lose_fonts_and_keep_their_labels(tmp_path: Path) -> None:
    sample = plan(tmp_path, 1, "train", 12, {"reportlab": 1.0})[0]
    lines = labelled_lines(sample.write())
    noisy = [noise.scanned(lines, random.Random(seed)) for seed in range(8)]
    for one in noisy:
        assert one.schema == lines.schema
        assert one["label"].equals(lines["label"])
        assert set(one["font"]) == {""}
        assert set(one["source"]) == {"ocr"}
        assert (one["x1"] > one["x0"]).all()
    assert any(not one["text"].equals(lines["text"]) for one in noisy)
