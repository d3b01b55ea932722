"""A package with a connect, as you have one."""
