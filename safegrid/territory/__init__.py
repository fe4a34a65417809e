"""一网, the territory half: city → county → township → community → grid, bounded and dated."""
