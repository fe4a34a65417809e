"""一网, the department half: who is in charge of which place, for what, by which rule, and why."""
