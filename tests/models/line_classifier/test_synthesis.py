"""The generator: the same seed gives the same document, and truth travels inside it."""

import random
from pathlib import Path

import pytest

from models.line_classifier.labels import LABELS
from models.line_classifier.synthesis import content, style
from models.line_classifier.synthesis.corpus import plan
from models.line_classifier.synthesis.text import LANGUAGES, bank, held_out
from pipeline.training import labelled_lines


@pytest.mark.parametrize("label", LABELS)
def test_the_tint_carries_the_label(label: str) -> None:
    red, green, blue = style.tint((12, 200, 99), label)
    assert style.label_of(red << 16 | green << 8 | blue) == label


def test_splits_share_no_phrase() -> None:
    for language in LANGUAGES:
        for name, options in bank(language).items():
            if len(options) >= 4:
                shared = {str(o) for o in held_out(options, "train")} & {str(o) for o in held_out(options, "test")}
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
    read = {label: " ".join(group["text"]) for (label,), group in lines.group_by("label", maintain_order=True)}
    words = [word for block in said.flow if block.kind == "paragraph" for word in block.text.split()]
    body = read.get("body", "").replace("- ", "")
    assert sum(word in body for word in words) >= 0.9 * len(words)
