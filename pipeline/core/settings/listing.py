"""What there is to set: each setting's name, meaning, values and default, read off the models."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import NoneType
from typing import Any, Literal, get_args, get_origin

from annotated_types import Ge, Gt, Le
from pydantic import BaseModel
from pydantic.fields import FieldInfo

_KINDS = {
    str: "text",
    int: "whole number",
    float: "number",
    bool: "true or false",
    Path: "path",
    date: "date",
}


@dataclass(frozen=True)
class Setting:
    """One setting. `name` is dotted; `values` says in words what may stand there.

    `default` is the value itself, None for none; `default_words` is how the default is said where
    it depends on the machine, and None elsewhere.
    """

    name: str
    meaning: str
    values: str
    default: Any
    default_words: str | None

    @property
    def group(self) -> str:
        """The dotted name of the group, empty for a setting that stands in none."""
        return self.name.rpartition(".")[0]


def listed(group: type[BaseModel], prefix: str = "") -> Iterator[Setting]:
    """The settings of a group and of the groups in it, in the order of their declaration."""
    for key, field in group.model_fields.items():
        inner = _group(field)
        if inner is not None:
            yield from listed(inner, f"{prefix}{key}.")
            continue
        yield Setting(
            prefix + key,
            field.description or "",
            _values(field),
            field.get_default(call_default_factory=True),
            (field.json_schema_extra or {}).get("default"),  # type: ignore[union-attr, arg-type]
        )


def groups(group: type[BaseModel], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Dotted name and docstring of each group within a group."""
    for key, field in group.model_fields.items():
        inner = _group(field)
        if inner is not None:
            yield prefix + key, " ".join((inner.__doc__ or "").split())
            yield from groups(inner, f"{prefix}{key}.")


def group_names(group: type[BaseModel]) -> list[str]:
    """The dotted names of the groups within a group."""
    return [name for name, _ in groups(group)]


def value_of(settings: BaseModel, name: str) -> Any:
    """The value of the setting with this dotted name."""
    value: Any = settings
    for part in name.split("."):
        value = getattr(value, part)
    return value


def toml(value: Any) -> str:
    """A value as TOML writes it.

    >>> toml({"time": "DATE"}), toml([1, 2]), toml(True), toml(0.5), toml(date(2024, 5, 1))
    ('{time = "DATE"}', '[1, 2]', 'true', '0.5', '2024-05-01')
    """
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_key(key)} = {toml(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(toml(one) for one in value) + "]"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str | Path):
        return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")
    return json.dumps(value)


def _key(key: str) -> str:
    bare = key.isascii() and key.replace("_", "").replace("-", "").isalnum()
    return key if bare else toml(key)


def _group(field: FieldInfo) -> type[BaseModel] | None:
    kind = field.annotation
    return kind if isinstance(kind, type) and issubclass(kind, BaseModel) else None


def _values(field: FieldInfo) -> str:
    """The type and the bounds of a field in words."""
    words = _kind(field.annotation)
    for bound in field.metadata:
        match bound:
            case Ge(ge=least):
                words += f", at least {least}"
            case Gt(gt=least):
                words += f", more than {least}"
            case Le(le=most):
                words += f", at most {most}"
    return words


def _kind(kind: Any) -> str:
    origin, inner = get_origin(kind), get_args(kind)
    if origin is Literal:
        return f"one of {', '.join(map(str, inner))}"
    if origin is list:
        each = _kind(inner[0])
        return f"list, each {each}" if each.startswith("one of") else f"list of {each}s"
    if origin is dict:
        return "table of text"
    some = [one for one in inner if one is not NoneType]
    return _kind(some[0]) if some else _KINDS[kind]
