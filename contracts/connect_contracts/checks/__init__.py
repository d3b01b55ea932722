"""What must be seen of a step, and whether it was."""
