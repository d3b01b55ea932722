"""A scenario is run: targets are started, its steps executed, and everything is observed."""
