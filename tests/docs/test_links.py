"""Every link, image, path and setting that the documentation names is there."""

import importlib.util
import re
from types import ModuleType
from urllib.parse import unquote

import pytest
from doc_pages import NAMES, ROOT, anchors, code_spans, prose, text

from chartline.core.settings import VARIABLES, Settings
from chartline.core.settings.listing import group_names, listed
from chartline.core.settings.loading import variable

HISTORY = {"CHANGELOG.md", "docs/decisions.md"}  # these tell of what was, too
_PATH = re.compile(
    r"(?:pipeline|flows|models|synthesis|tests|docs|deploy|benchmarks|sample_docs)/[\w./-]*"
    r"|(?:pyproject\.toml|Makefile|prefect\.yaml|\.ci/run)"
)


def links(name: str) -> list[str]:
    """The targets of a page's links and images."""
    return re.findall(r"!?\[[^\]]*\]\(([^)\s]+)\)", prose(name))


def test_there_are_pages_and_links() -> None:
    assert {"README.md", "CONTRIBUTING.md", "docs/glossary.md", "docs/architecture.md"} <= set(
        NAMES
    )
    assert sum(len(links(name)) for name in NAMES) > 40


@pytest.mark.parametrize("name", NAMES)
def test_every_link_leads_somewhere(name: str) -> None:
    for target in links(name):
        if re.match(r"[a-z]+:", target):
            continue  # the web: CI has no network
        file, _, anchor = unquote(target).partition("#")
        page = ((ROOT / name).parent / file).resolve() if file else ROOT / name
        assert page.exists(), f"{name}: {target}"
        assert ROOT in page.parents, f"{name}: {target} leads out of the repository"
        if anchor:
            assert anchor in anchors(str(page.relative_to(ROOT))), f"{name}: {target}"


@pytest.mark.parametrize("name", sorted(set(NAMES) - HISTORY))
def test_every_path_that_is_named_exists(name: str) -> None:
    for span in code_spans(name):
        if _PATH.fullmatch(span):
            assert (ROOT / span).exists(), f"{name}: {span}"


def test_every_name_that_a_file_is_said_to_hold_is_in_it() -> None:
    """Such as `LABELS` in `models/line_classifier/labels.py`."""
    said = re.findall(r"`(\w+)`\s+in\s+`([\w/.]+\.py)`", text("CONTRIBUTING.md"))
    assert len(said) >= 5
    for word, path in said:
        assert re.search(rf"\b{word}\b", (ROOT / path).read_text("utf-8")), (word, path)


@pytest.mark.parametrize("name", NAMES)
def test_every_variable_that_is_named_is_known(name: str) -> None:
    names = [setting.name for setting in listed(Settings)] + group_names(Settings)
    known = {variable(one) for one in names} | set(VARIABLES)
    assert set(re.findall(r"CHARTLINE_\w+", text(name))) <= known


@pytest.mark.parametrize("name", sorted(set(NAMES) - HISTORY))
def test_every_setting_that_is_named_is_known(name: str) -> None:
    groups = group_names(Settings)
    known = {setting.name for setting in listed(Settings)} | set(groups)
    begins = re.compile(rf"(?:{'|'.join(map(re.escape, groups))})\.[a-z_.]+[a-z]")
    for span in code_spans(name):
        assert not begins.fullmatch(span) or span in known, f"{name}: {span}"


@pytest.fixture(scope="module")
def picture() -> ModuleType:
    """The script docs/make_picture.py as a module."""
    spec = importlib.util.spec_from_file_location("picture", ROOT / "docs" / "make_picture.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_picture_is_what_its_script_draws(picture: ModuleType) -> None:
    assert (ROOT / "docs/images/data-flow.svg").read_text("utf-8") == picture.picture()


def test_every_file_in_the_picture_exists_and_is_in_the_text(picture: ModuleType) -> None:
    named = re.findall(r"(?:pipeline|models|flows)/[\w./]+\.(?:py|yaml)", picture.picture())
    assert len(named) > 20
    for path in named:
        assert (ROOT / path).is_file(), path
        assert f"`{path}`" in text("docs/architecture.md"), path


def test_no_box_of_the_picture_overflows(picture: ModuleType) -> None:
    """Letters of 13 points are some 6.3 wide here, monospaced ones of 12 points 7.2."""
    for stop in picture.STOPS:
        assert 6.3 * len(stop.what) < picture.WIDTH - 20, stop.what
        assert 7.2 * len(stop.files) < picture.WIDTH - 20, stop.files
