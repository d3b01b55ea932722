"""Secrets of a run: found where they must not be, and redacted."""
