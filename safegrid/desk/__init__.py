"""The first page of each role, the whole file of a place, search and inbox: what spans packages."""
