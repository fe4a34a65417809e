"""`python -m safegrid …`: the command line."""

from safegrid.config.cli import main

main()
