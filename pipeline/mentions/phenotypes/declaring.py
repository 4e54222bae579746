"""A phenotype as a YAML file: which facts, in which sections, make it present."""

from importlib import resources
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from chartline.core.errors import UsageError


class _Declared(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Criterion(_Declared):
    """Facts that count; negated and hypothetical ones and those of other persons never do."""

    codes: list[str] = Field(
        min_length=1, description="Beginnings of codes: ICD10//J1 stands for J10 to J18.9."
    )
    but_not: list[str] = Field([], description="Beginnings of codes that do not count after all.")
    only_sections: list[str] = Field([], description="Kinds of sections to look in; empty: all.")
    except_sections: list[str] = Field([], description="Kinds of sections not to look in.")
    past: bool = Field(False, description="Whether facts of the patient's history count.")
    statuses: list[str] = Field([], description="Statuses of drugs that count; empty: all.")
    above: float | None = Field(None, description="The value must be higher, in its unit.")
    below: float | None = Field(None, description="The value must be lower, in its unit.")


class Phenotype(_Declared):
    """A phenotype. It is present where a criterion of `any` holds, or all of one of `together`."""

    description: str
    any: list[Criterion] = []
    together: list[list[Criterion]] = []


def shipped() -> list[str]:
    """The names of the phenotypes that come with Chartline."""
    files = resources.files("chartline.mentions.phenotypes.declared").iterdir()
    return sorted(file.name[:-5] for file in files if file.name.endswith(".yaml"))


def load(name: str | Path) -> Phenotype:
    """A phenotype by its name, or from a YAML file.

    Raises:
        UsageError: there is none of that name, or the file is not a phenotype.
    """
    folder = resources.files("chartline.mentions.phenotypes.declared")
    is_shipped = str(name) in shipped()
    file: Any = folder / f"{name}.yaml" if is_shipped else Path(name)
    try:
        given = yaml.safe_load(file.read_text("utf-8"))
    except OSError:
        known = ", ".join(shipped())
        raise UsageError(f"{name}: no such phenotype or file; there are {known}") from None
    except (yaml.YAMLError, UnicodeDecodeError):
        raise UsageError(f"{name}: not YAML in UTF-8") from None
    try:
        found = Phenotype.model_validate(given)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(map(str, first["loc"])) or "the file"
        raise UsageError(f"{name}: {where}: {first['msg']}") from None
    if not found.any and not found.together:
        raise UsageError(f"{name}: neither `any` nor `together` names a criterion")
    return found
