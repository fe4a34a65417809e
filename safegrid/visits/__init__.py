"""Patrols, inspections and self-checks: what is looked at in a place today, by whom, with which power."""
