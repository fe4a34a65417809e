"""SafeGrid (安网): work-safety grid supervision for one city."""

__version__ = "0.1.0"
