"""Speed of EDS-PDF 0.10 with its own transformer: `python edspdf_speed.py FOLDER PROCESSES`.

Runs in an environment of its own (`pip install torch==2.13.0 edspdf==0.10.0`), from which
`benchmarks.end_to_end` starts it by its path. The model is EDS-PDF's text and layout embeddings
under its box transformer, untrained: the values of the weights do not change the time.
"""

import json
import sys
import time
from pathlib import Path

import edspdf
import edspdf.data

TRANSFORMER = {
    "@factory": "box-transformer",
    "num_heads": 4,
    "dropout_p": 0.1,
    "activation": "gelu",
    "init_resweight": 0.01,
    "head_size": 16,
    "attention_mode": ["c2c", "c2p", "p2c"],
    "n_layers": 2,
    "embedding": {
        "@factory": "embedding-combiner",
        "dropout_p": 0.1,
        "text_encoder": {
            "@factory": "sub-box-cnn-pooler",
            "out_channels": 64,
            "kernel_sizes": [3, 4, 5],
            "embedding": {"@factory": "simple-text-embedding", "size": 72},
        },
        "layout_encoder": {
            "@factory": "box-layout-embedding",
            "n_positions": 64,
            "size": 72,
            "x_mode": "learned",
            "y_mode": "learned",
            "w_mode": "learned",
            "h_mode": "learned",
        },
    },
}


def pipeline() -> edspdf.Pipeline:
    """EDS-PDF's extractor, classifier and aggregator."""
    model = edspdf.Pipeline()
    model.add_pipe("pdfminer-extractor", name="extractor")
    model.add_pipe(
        "trainable-classifier",
        name="classifier",
        config={"embedding": TRANSFORMER, "labels": ["body", "note"]},
    )
    model.add_pipe("simple-aggregator", name="aggregator")
    return model


def main(folder: Path, processes: int) -> None:
    """Prints pages and seconds as JSON.

    A first, small run is subtracted, so that the start of the processes is not counted.
    """
    files = [path.read_bytes() for path in sorted(folder.glob("*.pdf"))]
    model = pipeline()
    model.post_init(model.get_pipe("extractor")(data) for data in files[:4])

    def run(data: list[bytes]) -> tuple[int, float]:
        stream = edspdf.data.from_iterable(data).map_pipeline(model)
        stream = stream.set_processing(
            num_cpu_workers=processes, batch_size=4, process_start_method="spawn"
        )
        begin = time.perf_counter()
        pages = sum(len(document.pages) for document in stream)
        return pages, time.perf_counter() - begin

    few, start = run(files[:processes])
    pages, seconds = run(files)
    sys.stdout.write(json.dumps({"pages": pages - few, "seconds": seconds - start}) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
