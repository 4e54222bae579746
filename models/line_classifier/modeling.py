"""The network as a model of transformers: how weights are first drawn, and how they are saved."""

import torch
from transformers import PreTrainedModel

from chartline.models.line_classifier.configuration import LineClassifierConfig
from chartline.models.line_classifier.hyperparameters import Hyperparameters
from chartline.models.line_classifier.network import Network
from chartline.models.line_classifier.pretrained import PretrainedTextEncoder


class LineClassifier(Network, PreTrainedModel):  # type: ignore[misc]
    """A network that transformers can save and load."""

    config_class = LineClassifierConfig
    base_model_prefix = "line_classifier"

    def __init__(self, config: LineClassifierConfig) -> None:
        PreTrainedModel.__init__(self, config)
        self.build(config)  # type: ignore[arg-type]
        self.post_init()


def to_transformers(network: Network) -> LineClassifier:
    """A copy of a network that has `save_pretrained`."""
    copy = LineClassifier(
        LineClassifierConfig(
            **{name: getattr(network.config, name) for name in Hyperparameters().values()}
        )
    )
    copy.load_state_dict(network.state_dict())
    return copy


def with_pretrained_text_encoder(encoder: str, config: LineClassifierConfig) -> LineClassifier:
    """A new classifier around the pretrained encoder in the folder `encoder`, its weights taken."""
    config.text_encoder = encoder
    model = LineClassifier(config)
    assert isinstance(model.text, PretrainedTextEncoder)
    with torch.no_grad():
        model.text.load_weights(encoder)
    return model
