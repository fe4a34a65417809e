"""The demo city: real divisions, invented places and people, history made by real actions."""
