"""A failing scenario is made small."""
