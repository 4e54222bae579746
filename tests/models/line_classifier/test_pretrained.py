"""A pretrained encoder from a local folder replaces the classifier's own, also after loading."""

import random
from pathlib import Path

import polars as pl
import pytest
from transformers import BertConfig, BertModel, BertTokenizer

from chartline.models.line_classifier import prediction, pretrained
from chartline.models.line_classifier.configuration import LineClassifierConfig
from chartline.models.line_classifier.modeling import with_pretrained_text_encoder
from chartline.models.line_classifier.recipe import Recipe
from chartline.models.line_classifier.training import train
from chartline.teach.weights import save_weights
from synthesis.lines import labelled_lines
from synthesis.pages import corpus


@pytest.fixture
def encoder(tmp_path: Path) -> str:
    """A tiny BERT with random weights, saved as a user's pretrained one would be."""
    folder = tmp_path / "encoder"
    letters = [chr(code) for code in range(97, 123)]
    words = [
        "[PAD]",
        "[UNK]",
        "[CLS]",
        "[SEP]",
        "[MASK]",
        *letters,
        *(f"##{letter}" for letter in letters),
    ]
    folder.mkdir()
    (folder / "vocab.txt").write_text("\n".join(words))
    BertTokenizer(vocab=str(folder / "vocab.txt")).save_pretrained(folder)
    config = BertConfig(
        vocab_size=len(words),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
    )
    BertModel(config).save_pretrained(folder)
    return str(folder)


@pytest.mark.slow
def test_it_learns_saves_and_loads(encoder: str, tmp_path: Path) -> None:
    sample = corpus.plan(tmp_path, 1, "train", 4, {"reportlab": 1.0})[0]
    lines = labelled_lines(sample.write())
    start = with_pretrained_text_encoder(
        encoder, LineClassifierConfig(hidden_size=32, layers=1, heads=2)
    )
    before = start.text.encoder.embeddings.word_embeddings.weight.detach().clone()
    model = train(lines, Recipe(epochs=3, lines_per_batch=256), start=start)
    assert (model.text.encoder.embeddings.word_embeddings.weight != before).any()
    save_weights(model, tmp_path / "weights")
    one, other = (
        prediction.probabilities(m, lines) for m in (model, prediction.load(tmp_path / "weights"))
    )
    assert abs(one - other).max() < 0.02
    shuffled = lines["text"].to_list()
    random.Random(1).shuffle(shuffled)
    assert (
        abs(
            prediction.probabilities(model, lines.with_columns(text=pl.Series(shuffled))) - one
        ).max()
        > 1e-4
    )


def test_a_missing_folder_is_said() -> None:
    with pytest.raises(FileNotFoundError, match="nowhere"):
        pretrained.PretrainedTextEncoder("nowhere")
