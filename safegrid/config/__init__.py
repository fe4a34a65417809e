"""Composition only: settings, addresses, the command line. Decides nothing of its own."""
