"""`python -m chartline` is the command `chartline`."""

from chartline.terminal import main

main()
