"""What ends the command before it did what it was asked for."""

OURS = "connect-contract: this is a mistake of connect-contract's own, and no verdict: report it."


class CommandError(Exception):
    """One sentence for standard error; the command ends with the status 2."""
