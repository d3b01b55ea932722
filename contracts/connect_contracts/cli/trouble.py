"""What ends the command before it did what it was asked for."""


class CommandError(Exception):
    """One sentence for standard error; the command ends with the status 2."""
