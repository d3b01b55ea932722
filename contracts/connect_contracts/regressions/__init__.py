"""Capsules: a failure as one readable file, kept in a folder and replayed for ever."""
