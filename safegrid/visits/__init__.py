"""Patrols, inspections, self-checks: what is looked at in a place, by whom, with which power."""
