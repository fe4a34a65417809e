"""The Chinese fonts of printed papers; README.md says how they are made."""

from pathlib import Path

FOLDER = Path(__file__).parent
REGULAR = FOLDER / "plate-regular.otf"
BOLD = FOLDER / "plate-bold.otf"
FULL = FOLDER / "full-regular.otf"
