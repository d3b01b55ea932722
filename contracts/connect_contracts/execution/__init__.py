"""A scenario is played: targets are started, its steps are taken, and all of it is observed."""
