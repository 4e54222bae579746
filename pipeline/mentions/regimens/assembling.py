"""Parts of a regimen to how much of a drug is taken, how often and for how long."""

from chartline.mentions.regimens.patterns import TIMES_OF_DAY
from chartline.mentions.regimens.reading import Item
from chartline.mentions.spans import Regimen

# Forms that a strength is counted in: two tablets of 40 mg are 80 mg, twenty drops are drops.
_SOLID = {None, "{tablet}", "{capsule}", "{puff}", "{sachet}", "{ampoule}", "{suppository}"}
_LIQUID = {"mL"}


def assemble(items: list[Item]) -> Regimen | None:
    """The regimen that its parts make; None where they say nothing of how a drug is taken.

    The dose is of one intake, the mean where intakes differ, so that dose times `per_day` is the
    dose of a day. Where only the dose of a day is said, it is one intake a day.
    """
    items = _after_reset([item for item in items if item.kind != "ignored"])
    amounts = [item for item in items if item.kind == "amount" and item.unit not in _LIQUID]
    liquids = [item for item in items if item.kind == "amount" and item.unit in _LIQUID]
    counts = [item for item in items if item.kind == "count"] + liquids
    times = [item for item in items if item.kind == "time"]
    schedule = next((item for item in items if item.kind == "schedule"), None)
    frequency = _frequency(items)
    if schedule is not None:
        dose, unit, per_day, when = _scheduled(schedule, amounts, counts)
    else:
        dose, unit, per_day = _taken(amounts, counts, times, frequency, items)
        when = {item.unit for item in times}
    routes = [item.unit for item in items if item.kind == "route"]
    durations = [item.values[0] for item in items if item.kind == "duration" and item.values]
    needed = any(item.kind == "needed" for item in items)
    if dose is None and per_day is None and not routes and not needed and not when:
        return None
    return Regimen(
        dose=dose,
        dose_unit=unit if dose is not None else None,
        route=routes[0] if routes else None,
        per_day=per_day,
        times_of_day=tuple(name for name in TIMES_OF_DAY if name in when),
        as_needed=needed or None,
        duration_days=durations[0] if durations else None,
    )


def _after_reset(items: list[Item]) -> list[Item]:
    """The parts without those doses and frequencies that a later one replaces."""
    last = max((number for number, item in enumerate(items) if item.kind == "reset"), default=-1)
    replaced = {"amount"}
    if any(item.kind in ("frequency", "schedule", "time") for item in items[last + 1 :]):
        replaced |= {"frequency", "schedule", "time", "count"}
    return [item for number, item in enumerate(items) if number > last or item.kind not in replaced]


def _frequency(items: list[Item]) -> float | None:
    """Intakes a day: the first said, and `daily` only where nothing else is said."""
    found = [item.values[0] for item in items if item.kind == "frequency"]
    return next((value for value in found if value != 1), found[0] if found else None)


Taken = tuple[float | None, str | None, float | None]


def _scheduled(
    schedule: Item, amounts: list[Item], counts: list[Item]
) -> tuple[float | None, str | None, float | None, set[str | None]]:
    """The dose of `1-0-1`: its numbers count tablets, or are of its own unit."""
    taken = [value for value in schedule.values if value]
    when = {name for name, value in zip(TIMES_OF_DAY, schedule.values, strict=False) if value}
    if not taken:
        return None, None, None, set()
    mean = sum(taken) / len(taken)
    form = schedule.unit or next((item.unit for item in counts if item.unit), None)
    strength = next((item for item in amounts if item.values), None)
    if form in _SOLID and strength is not None and not amounts[0].days:
        return mean * strength.values[0], strength.unit, float(len(taken)), {*when}
    return mean, form or "{dose}", float(len(taken)), {*when}


def _taken(
    amounts: list[Item],
    counts: list[Item],
    times: list[Item],
    frequency: float | None,
    items: list[Item],
) -> Taken:
    """The dose without a schedule: amounts and counts, with the times of day that they go with."""
    strength = _strength(amounts, items)
    if strength is not None and strength.values and (strength.unit or "").endswith("/h"):
        return strength.values[0], strength.unit, _per_day(times, frequency)  # a patch
    said = [item for item in counts if item.values]
    total = next((item for item in amounts if item.days and item.values), None)
    if total is not None and said and said[0].begin < total.begin:
        frequency, total = frequency or 1 / (total.days or 1.0), None  # 2 tablets of 5 mg a day
    if total is not None:
        return _shared(total, 1.0, total.unit, times, frequency)
    form = next((item.unit for item in said if item.unit), None)
    unit, factor = form or "{dose}", 1.0
    if said and strength is not None and strength.values and form in _SOLID:
        unit, factor = strength.unit or "{dose}", strength.values[0]
    if said and said[0].days:
        return _shared(said[0], factor, unit, times, frequency)
    if len(said) > 1 and times:
        return _uneven(said, times, factor, unit)
    if said:
        return said[0].values[0] * factor, unit, _per_day(times, frequency)
    if any(not item.values for item in counts):  # one to two tablets: how many is not known
        return None, None, _per_day(times, frequency)
    masses = [item for item in amounts if item.values]
    if len(masses) > 1 and len(times) > 1 and _apart(masses, times):
        return _uneven(masses, times, 1.0, masses[0].unit or "")
    if strength is None or not strength.values:
        return None, None, _per_day(times, frequency)
    return strength.values[0], strength.unit, _per_day(times, frequency)


def _strength(amounts: list[Item], items: list[Item]) -> Item | None:
    """The first amount, or a second one that stands right before how often it is taken."""
    if len(amounts) > 1:
        between = [item for item in items if amounts[0].end <= item.begin < amounts[1].begin]
        later = [item for item in items if item.begin >= amounts[1].end]
        if not between and later and later[0].kind == "frequency":
            return amounts[1]
    return amounts[0] if amounts else None


def _shared(
    total: Item, factor: float, unit: str | None, times: list[Item], frequency: float | None
) -> Taken:
    """A sum a day or a week, shared by the intakes that are said."""
    days = total.days or 1.0
    intakes = _per_day(times, frequency)
    if intakes is None or intakes * days < 1:
        intakes = 1 / days
    return total.values[0] * factor / days / intakes, unit, intakes


def _apart(masses: list[Item], times: list[Item]) -> bool:
    """Whether a time stands between two amounts, so that each has its own."""
    return any(masses[0].begin < time.begin < masses[1].begin for time in times)


def _uneven(said: list[Item], times: list[Item], factor: float, unit: str) -> Taken:
    """Two tablets in the morning and one in the evening: the mean of the intakes."""
    behind = times[0].begin <= said[0].begin
    doses = []
    for time in times:
        before = [item for item in said if item.begin < time.begin]
        after = [item for item in said if item.begin >= time.begin]
        one = (after or before)[0] if behind else (before or after)[-1 if before else 0]
        doses.append(one.values[0] * factor)
    return sum(doses) / len(doses), unit, float(len(doses))


def _per_day(times: list[Item], frequency: float | None) -> float | None:
    """Intakes a day from the frequency and from the times of day that are listed."""
    if frequency is None:
        return float(len(times)) if times else None
    return max(frequency, float(len(times))) if frequency >= 1 else frequency * max(1, len(times))
