"""Reports of cases and runs, as data and as text, without secrets."""
