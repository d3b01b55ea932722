"""Verdicts: made here and nowhere else."""
