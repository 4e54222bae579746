"""A pretrained text encoder (CamemBERT, LiLT, LayoutLMv3, ...) in the place of hashed words."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from torch import Tensor, nn
from transformers import AutoConfig, AutoModel, AutoTokenizer

if TYPE_CHECKING:
    from chartline.models.line_classifier.network import Batch

MAX_TOKENS = 64  # of a line; the rest of a longer one is cut off


class PretrainedTextEncoder(nn.Module):
    """Lines to vectors: the mean of the encoder's last layer over the tokens of a line.

    The weights file of the classifier also keeps the encoder's weights, as training has changed
    them. Configuration and tokenizer are read from `folder` each time.

    Args:
        folder: holds the configuration, the tokenizer and, for training, the weights as
            safetensors, as transformers' `save_pretrained` writes them. Nothing is downloaded.

    Raises:
        FileNotFoundError: there is no such folder.
    """

    def __init__(self, folder: str) -> None:
        super().__init__()
        if not Path(folder).is_dir():
            raise FileNotFoundError(folder)
        self.tokenizer: Any = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        config = AutoConfig.from_pretrained(folder, local_files_only=True)
        self.encoder: Any = AutoModel.from_config(config)
        self.output_size = int(config.hidden_size)

    def load_weights(self, folder: str) -> None:
        """Loads the encoder's pretrained weights, from safetensors only (never pickle)."""
        loaded = AutoModel.from_pretrained(folder, local_files_only=True, use_safetensors=True)
        self.encoder.load_state_dict(loaded.state_dict())

    def forward(self, batch: "Batch") -> Tensor:
        """The texts of N lines to vectors, N x output_size."""
        tokens = self.tokenizer(
            [text or " " for text in batch.texts],
            padding=True,
            truncation=True,
            max_length=MAX_TOKENS,
            return_tensors="pt",
        ).to(batch.boxes.device)
        # an encoder of images too (LayoutLMv3) adds its patches after the tokens
        hidden = self.encoder(**tokens).last_hidden_state[:, : tokens["input_ids"].shape[1]]
        mask = tokens["attention_mask"][..., None].to(hidden.dtype)
        return (hidden * mask).sum(1) / mask.sum(1).clamp(min=1)
