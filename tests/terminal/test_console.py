"""What commands make of signals."""

import subprocess
import sys

INTERRUPTED = """
import os, signal, threading
import polars as pl
from chartline.terminal.console import command

order = pl.col("a").sort_by(pl.col("a").hash())
frame = pl.DataFrame({"a": range(3000)}).lazy().select(order.rolling_sum(100))

@command
def interrupted():
    raised = 0
    for _ in range(60):
        try:
            threading.Timer(0.02, os.kill, (os.getpid(), signal.SIGINT)).start()
            while True:
                frame.collect()
        except KeyboardInterrupt:
            raised += 1
        try:
            for _ in range(1000):
                (lambda: None)()
        except KeyboardInterrupt:
            raised += 1
    print(raised)

interrupted()
"""


def test_one_ctrl_c_stops_once() -> None:
    """A second KeyboardInterrupt would strike the code that keeps what was finished."""
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED], capture_output=True, text=True, timeout=120
    )
    assert (done.stdout.strip(), done.stderr) == ("60", "")
