"""What a table was made from, and whether that has changed since.

Every stage names its inputs; each is reduced to a digest of its content: tables by the identity
of their content, files by their bytes, settings by their values, the stage's own code by its
syntax. The digests are kept in the commit of the table that the stage writes. A stage is run again
when a digest differs, and only then. Nothing else in Chartline decides what is out of date.
"""

import ast
import hashlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from pydantic import BaseModel

from chartline.core.errors import UsageError

PACKAGE = "chartline"
_ROOT = Path(__file__).parents[1]
_SHARED = (
    f"{PACKAGE}.core"  # schemas and settings: the contract's number and the values stand for it
)
# Word lists, terms and learned tables that lie beside a module and decide what it gives.
_DATA = ("*.toml", "*.npz", "*.safetensors", "built/digest", "core/*.csv")
_DIGITS = 16  # hexadecimal: 64 bits tell the inputs of one table apart

Inputs = dict[str, str]  # name of an input -> digest of its content


def digest(*parts: str | bytes) -> str:
    """A digest of texts or bytes, in which their borders count."""
    total = hashlib.sha256()
    for part in parts:
        content = part.encode() if isinstance(part, str) else part
        total.update(len(content).to_bytes(8) + content)
    return total.hexdigest()[:_DIGITS]


def of_settings(*groups: BaseModel, leave_out: frozenset[str] = frozenset()) -> str:
    """A digest of groups of settings; fields named in `leave_out` change no result."""
    return digest(*(group.model_dump_json(exclude=set(leave_out)) for group in groups))


def of_file(path: Path) -> str:
    """A digest of a file's bytes.

    Raises:
        UsageError: the file cannot be read.
    """
    try:
        return digest(path.read_bytes())
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror})") from None


def changed(now: Inputs, then: Inputs) -> list[str]:
    """The names of the inputs that differ between now and then, in alphabetical order."""
    return sorted(name for name in now.keys() | then.keys() if now.get(name) != then.get(name))


@cache
def of_code(*modules: str) -> str:
    """A digest of modules of ours, of those that they import, and of the data beside them.

    Comments, docstrings and layout do not count. `chartline.core` is left out.
    """
    found: set[str] = set()
    for module in modules:
        _follow(module, found)
    files = sorted({_file(module) for module in found} - {None}, key=str)
    folders = {file.parent for file in files if file}
    lists = sorted({data for folder in folders for kind in _DATA for data in folder.glob(kind)})
    texts = [_syntax(file) for file in files if file]
    return digest(*texts, *(data.read_bytes() for data in lists))


def _follow(module: str, found: set[str]) -> None:
    file = _file(module)
    if module in found or file is None or module == _SHARED or module.startswith(f"{_SHARED}."):
        return
    found.add(module)
    for name in _imports(ast.parse(file.read_bytes())):
        _follow(name, found)


def _file(module: str) -> Path | None:
    """The source of a module of ours; None where there is no such module."""
    first, *rest = module.split(".")
    if first != PACKAGE:
        return None
    place = _ROOT.joinpath(*rest)
    for file in (place / "__init__.py", place.with_suffix(".py")):
        if file.is_file():
            return file
    return None


def _imports(tree: ast.Module) -> Iterator[str]:
    """Every name that is imported, wherever in the module: as a module, and as one's attribute."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _syntax(file: Path) -> str:
    tree = ast.parse(file.read_bytes())
    for node in ast.walk(tree):
        documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
        if isinstance(node, documented) and ast.get_docstring(node, clean=False) is not None:
            node.body = node.body[1:]
    return ast.dump(tree)
