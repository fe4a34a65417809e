"""Reads that span packages, one subject a module."""
