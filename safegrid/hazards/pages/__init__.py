"""What is on the screen: the lists, one case with its steps, what is reported, papers."""
