"""Shared fixtures: PDFs by two producers, a small simulated cohort, settings, a folder to read."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

os.environ["DO_NOT_TRACK"] = "1"
os.environ["PREFECT_SERVER_ANALYTICS_ENABLED"] = "false"
os.environ["PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS"] = "120"
os.environ["PREFECT_LOGGING_TO_API_ENABLED"] = "true"
os.environ["PREFECT_HOME"] = tempfile.mkdtemp(prefix="prefect-")

import hypothesis
import polars as pl
import pytest
import typst
from reportlab.pdfgen import canvas

from chartline.core.settings import Settings, load
from chartline.core.tables import Events, cast_to
from synthesis.patients import simulation

# no limit of time for one example: a busy machine is no fault of the code
hypothesis.settings.register_profile("chartline", deadline=None)
hypothesis.settings.load_profile("chartline")

SAMPLES = Path(__file__).parent.parent / "sample_docs"
BODY = [
    "Le patient est admis pour une dyspnée d'effort évoluant depuis trois semaines,",
    "associée à des œdèmes des membres inférieurs. On retrouve une insuffisance",
    "cardiaque. Pas d'embolie pulmonaire. Le traitement par furosémide est intro-",
    "duit avec une bonne tolérance clinique.",
]
DOCTORS = [
    "Chef de service",
    "Pr Anne DUBRAY",
    "Praticiens",
    "Dr Marc LEFORGEOIS",
    "Dr Inès KERAVEL",
    "Tél. 01 02 03 04 05",
]


def reportlab_letter(
    path: Path, body: list[str] = BODY, notes: list[str] = DOCTORS, pages: int = 1
) -> Path:
    """Writes a letter with doctors in a column at the left, on the same heights as the body."""
    pdf = canvas.Canvas(str(path), pagesize=(595, 842), invariant=1)
    for number in range(1, pages + 1):
        pdf.setFont("Helvetica-Bold", 13)
        pdf.drawString(40, 800, "Hôpital de Marcevel")
        pdf.setFont("Helvetica-Bold", 11)
        pdf.drawString(190, 700, "Motif d'hospitalisation")
        for index, line in enumerate(body):
            pdf.setFont("Helvetica", 10)
            pdf.drawString(190, 680 - 14 * index, line)
        for index, line in enumerate(notes):
            pdf.setFont("Helvetica", 7)
            pdf.drawString(40, 694 - 14 * index, line)
        pdf.setFont("Helvetica", 8)
        pdf.drawString(180, 30, "12 rue des Tilleuls, 22020 Marcevel - Fax 01 02 03 04 06")
        pdf.drawString(500, 18, f"Page {number}/{pages}")
        pdf.showPage()
    pdf.save()
    return path


def typst_letter(path: Path, body: list[str] = BODY, notes: list[str] = DOCTORS) -> Path:
    """Writes the same letter with Typst: embedded fonts, kerning, glyphs by identifier."""
    place = "\n".join(
        [
            f"#place(dx: 190pt, dy: {150 + 14 * i}pt, text(size: 10pt)[#{_quoted(line)}])"
            for i, line in enumerate(body)
        ]
        + [
            f"#place(dx: 40pt, dy: {138.5 + 14 * i}pt, text(size: 7pt)[#{_quoted(line)}])"
            for i, line in enumerate(notes)
        ]
    )
    page = "#set page(width: 595pt, height: 842pt, margin: 0pt)"
    source = f'{page}\n#set text(font: "Libertinus Serif", top-edge: "ascender")\n{place}'
    file = path.with_suffix(".typ")
    file.write_text(source, "utf-8")
    typst.compile(str(file), output=str(path))
    file.unlink()
    return path


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '\\"') + '"'


@pytest.fixture(params=["reportlab", "typst"])
def letter(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The letter, by each producer in turn."""
    makers: dict[str, Callable[[Path], Path]] = {
        "reportlab": reportlab_letter,
        "typst": typst_letter,
    }
    return makers[request.param](tmp_path / "letter.pdf")


@pytest.fixture(scope="session")
def cohort() -> simulation.Cohort:
    """900 simulated patients."""
    return simulation.simulate(900, seed=3, replicates=2)


@pytest.fixture(scope="session")
def ehr(cohort: simulation.Cohort, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The cohort as a MEDS dataset."""
    folder = tmp_path_factory.mktemp("ehr")
    for name, frame in {
        "data/train/0.parquet": cohort.events,
        "metadata/subject_splits.parquet": cohort.splits,
        "truth/risk.parquet": cohort.risk,
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        frame.write_parquet(folder / name)
    return folder


@pytest.fixture(scope="session")
def events(cohort: simulation.Cohort) -> pl.DataFrame:
    """The cohort as the events table."""
    nothing = {"text_value": pl.String, "document_id": pl.String, "encounter_id": pl.String}
    return cast_to(
        cohort.events.with_columns(
            pl.lit("ehr").alias("source"),
            *(pl.lit(None, dtype).alias(name) for name, dtype in nothing.items()),
        ),
        Events,
    )


LITTLE_TOML = """
[onset]
classifiers = ["logistic regression"]
baselines = ["logistic regression"]
[embedding]
dimensions = 16
[features]
prototypes = 16
"""
LITTLE = {
    "onset.classifiers": ["logistic regression"],
    "onset.baselines": ["logistic regression"],
    "features.prototypes": 16,
}


@pytest.fixture(scope="session")
def settings() -> Settings:
    """One worker and short learning, for tests."""
    return load(
        None, {"reading.workers": 1, "embedding.dimensions": 16, "report_pages": 6, **LITTLE}
    )


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    """A folder with two letters, a file that is no PDF, and a manifest."""
    folder = tmp_path / "docs"
    folder.mkdir()
    reportlab_letter(folder / "a.pdf", pages=2)
    typst_letter(folder / "b.pdf")
    (folder / "c.pdf").write_text("no document here")
    manifest(folder, {"a.pdf": "1", "b.pdf": "2"})
    return folder


def manifest(folder: Path, patients: dict[str, str], time: str = "2021-05-06T10:00:00") -> None:
    """Writes a manifest; `patients` gives the patient of each path."""
    rows = [
        {"path": path, "patient_id": patient, "written_at": time, "language": "fr"}
        for path, patient in patients.items()
    ]
    pl.DataFrame(rows).write_csv(folder / "manifest.csv")
