"""EDS-PDF 0.10 trained by its documented recipe: `python edspdf_training.py FOLDER SECONDS`.

Runs in an environment of its own (`pip install torch==2.13.0 edspdf==0.10.0`).
`benchmarks.side_by_side` writes FOLDER (train/ and test/, with a PDF and a JSON of labelled boxes
for each document, in the format of EDS-PDF's documentation) and starts this script by its path.
Model, batch size and learning rate are the recipe's; training stops when the seconds are over.
Prints true and predicted label of every test line as JSON:
{"truth": [...], "found": [...], "steps": n}.
"""

import json
import sys
import time
from itertools import chain, repeat
from pathlib import Path

import torch
from edspdf import Pipeline
from edspdf.structures import Box
from edspdf.utils.alignment import align_box_labels
from edspdf.utils.random import set_seed
from edspdf_speed import TRANSFORMER

BATCH, RATE = 4, 3e-4


def documents(folder: Path, model: Pipeline) -> list:  # type: ignore[type-arg]
    """The PDFs as EDS-PDF reads them; a line takes the label of the box that it lies in."""
    found = []
    for file in sorted(folder.glob("*.json")):
        document = model.get_pipe("extractor")(file.with_suffix(".pdf").read_bytes())
        boxes = [
            Box(
                page_num=box["page"], **{key: box[key] for key in ("x0", "x1", "y0", "y1", "label")}
            )
            for box in json.loads(file.read_text())["annotations"]
        ]
        lines = align_box_labels(
            src_boxes=boxes, dst_boxes=document.text_boxes, pollution_label=None
        )
        document.content_boxes = [
            line for line in lines if line.text == "" or line.label is not None
        ]
        if document.content_boxes:
            found.append(document)
    return found


def learn(model: Pipeline, train: list, seconds: float) -> int:  # type: ignore[type-arg]
    """Trains until the time, preparation included, is over; returns the number of steps."""
    ends = time.monotonic() + seconds
    model.post_init(train)
    ready = list(model.preprocess_many(train, supervision=True))
    loader = torch.utils.data.DataLoader(
        ready, batch_size=BATCH, collate_fn=model.collate, shuffle=True
    )
    optimizer = torch.optim.AdamW(model.parameters(), lr=RATE)
    model.train()
    for step, batch in enumerate(chain.from_iterable(repeat(loader))):
        if time.monotonic() > ends:
            return step
        optimizer.zero_grad()
        with model.cache():
            losses = [
                pipe.module_forward(batch[name]).get("loss")
                for name, pipe in model.trainable_pipes()
            ]
            sum(loss for loss in losses if loss is not None).backward()
        optimizer.step()
    return 0


def main(folder: Path, seconds: float) -> None:
    """Trains, labels the test split and prints the labels."""
    set_seed(42)
    model = Pipeline()
    model.add_pipe("pdfminer-extractor", name="extractor")
    model.add_pipe(
        "trainable-classifier",
        name="classifier",
        config={"embedding": {**TRANSFORMER, "n_layers": 1}, "labels": []},
    )
    train, test = (documents(folder / split, model) for split in ("train", "test"))
    steps = learn(model, train, seconds)
    model.train(False)
    truth, found = [], []
    for document in test:
        lines = [line for line in document.text_boxes if line.text]
        truth += [line.label for line in lines]
        labelled = model.get_pipe("classifier")(document)
        found += [line.label for line in labelled.text_boxes if line.text]
    sys.stdout.write(json.dumps({"truth": truth, "found": found, "steps": steps}) + "\n")


if __name__ == "__main__":
    torch.set_num_threads(1)
    main(Path(sys.argv[1]), float(sys.argv[2]))
