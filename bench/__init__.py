"""What we measure, against what. `python -m bench --help`."""
