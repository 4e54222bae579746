"""Invented material: training pages, a simulated cohort of patients, and the sample documents.

- `synthesis.pages` generates hospital documents, as PDFs in which each glyph carries its label;
- `synthesis.lines` reads them with their labels;
- `synthesis.training` trains the line classifier on them: `python -m synthesis --out WEIGHTS`;
- `synthesis.patients` simulates coded histories in which the true risk of heart failure is known;
- `synthesis.samples` makes sample_docs: `python -m synthesis.samples.make`.

It stands above the pipeline, whose extraction it uses, and is outside the wheel: a hospital that
runs Chartline or adapts the classifier to its own pages needs none of it. Run it from the
repository's top. Training and samples need `pip install -e '.[synthesis]'`, and Pango, Cairo and
Chromium from the system. All persons, hospitals and documents are invented.
"""
