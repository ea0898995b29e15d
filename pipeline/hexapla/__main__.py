"""`python -m hexapla` is the same as `hexapla`."""

from hexapla.cli.main import main

main(prog_name="hexapla")
