"""What to look at in which kind of place: versioned lists; a published version never changes."""
