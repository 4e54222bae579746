"""The network as a model of transformers: its first weights, and saving them."""

import torch
from transformers import PreTrainedModel

from chartline.models.line_classifier.configuration import LineClassifierConfig
from chartline.models.line_classifier.hyperparameters import Hyperparameters
from chartline.models.line_classifier.network import Network
from chartline.models.line_classifier.pretrained import PretrainedTextEncoder


class LineClassifier(Network, PreTrainedModel):  # type: ignore[misc]
    """A `Network` with transformers' `save_pretrained` and `from_pretrained`."""

    config_class = LineClassifierConfig
    base_model_prefix = "line_classifier"

    def __init__(self, config: LineClassifierConfig) -> None:
        PreTrainedModel.__init__(self, config)
        self.build(config)  # type: ignore[arg-type]
        self.post_init()


def to_transformers(network: Network) -> LineClassifier:
    """A copy of a network that has `save_pretrained`."""
    values = {name: getattr(network.config, name) for name in Hyperparameters().values()}
    copy = LineClassifier(LineClassifierConfig(**values))
    copy.load_state_dict(network.state_dict())
    return copy


def with_pretrained_text_encoder(folder: str, config: LineClassifierConfig) -> LineClassifier:
    """An untrained classifier whose text encoder has pretrained weights.

    Args:
        folder: holds the encoder, as transformers' `save_pretrained` writes it.
        config: the other hyperparameters; its `text_encoder` is set to `folder`.

    Raises:
        FileNotFoundError: there is no such folder.
    """
    config.text_encoder = folder
    model = LineClassifier(config)
    assert isinstance(model.text, PretrainedTextEncoder)
    with torch.no_grad():
        model.text.load_weights(folder)
    return model
