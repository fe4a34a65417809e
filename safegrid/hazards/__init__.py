"""Clues and hazards, from what was seen to a verified end. Nobody closes their own fix."""
