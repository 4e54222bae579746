"""The command line, a file a group of commands."""


def main() -> None:
    """The command `chartline`."""
    from chartline.terminal.commands import (
        main as run,  # typer: not for those who only import a room
    )

    run()
