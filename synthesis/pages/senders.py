"""Invented senders and addressees.

Both use the same names, roles, hospitals and streets, so that only the place on the page shows
which is which.
"""

from synthesis.pages.text import Writer


def letterhead(writer: Writer) -> list[str]:
    """A sender: random lines of letterheads, in any order."""
    rng = writer.rng
    lines = [writer.hospital] * (rng.random() < 0.8) + [
        writer.line("letterhead") for _ in range(rng.randint(0, 5))
    ]
    if rng.random() < 0.2:
        lines += [writer.line("roles")] * (rng.random() < 0.5) + [
            writer.doctor() for _ in range(rng.randint(1, 4))
        ]
    return lines


def sender(writer: Writer) -> list[str]:
    """A sender in the usual order: hospital or doctor, department or role, address, telephones."""
    rng = writer.rng
    if rng.random() < 0.6:
        lines = [writer.mix(writer.hospital)] + [writer.mix(writer.department)] * (
            rng.random() < 0.6
        )
        lines += [writer.doctor() for _ in range(rng.choice([0, 0, 1, 1, 2, 5]))]
    else:
        lines = [writer.doctor(), writer.line("roles")] + [writer.line("roles")] * (
            rng.random() < 0.4
        )
        if rng.random() < 0.5:
            lines.append(f"{writer.line('margin_words')} {rng.randint(10**6, 10**11)}")
    lines += place(writer, "letterhead", 0.8)
    for _ in range(rng.randint(0, 3)):
        lines.append(f"{writer.line('margin_words')} {writer.phone()}")
    if rng.random() < 0.3:
        lines.append(
            writer.fill(
                rng.choice(["info@{site}.example", "www.{site}.example", "{site}@mail.example"])
            )
        )
    return lines


def addressee(writer: Writer) -> list[str]:
    """An addressee: name, role, hospital, address."""
    rng = writer.rng
    lines = [writer.line("addressees")] * (rng.random() < 0.4)
    lines.append(
        writer.doctor() if rng.random() < 0.7 else writer.mix(writer.fill("{first} {NAME}"))
    )
    lines += [writer.line("roles")] * (rng.random() < 0.3)
    lines += [
        writer.mix(str(writer.pick(rng.choice(["hospitals", "hospitals", "departments"]))))
    ] * (rng.random() < 0.4)
    return lines + place(writer, "front", 0.9)


def return_line(writer: Writer) -> str:
    """A sender in one line, as above the addressee in the window of an envelope."""
    who = writer.doctor() if writer.rng.random() < 0.4 else writer.mix(writer.hospital)
    return writer.rng.choice([" - ", ", ", " · ", " | "]).join(
        [who, *place(writer, "letterhead", 1.0)]
    )


def place(writer: Writer, name: str, share: float) -> list[str]:
    """Street and town by the templates of a phrase list, each with the probability `share`."""
    lines = []
    for slot in ("{street}", "{zip}"):
        templates = [text for text in writer.bank[name] if slot in text and ":" not in text]
        if templates and writer.rng.random() < share:
            lines.append(writer.mix(writer.fill(writer.rng.choice(templates))))
    return (
        [writer.rng.choice([" - ", ", ", " · "]).join(lines)]
        if lines and writer.rng.random() < 0.25
        else lines
    )
