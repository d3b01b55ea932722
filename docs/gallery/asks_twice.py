"""The adapter of a client that sends a change again when the answer to it was lost."""

from connect_contracts import Implementation
from connect_contracts.reference import v6_2


class Adapter(Implementation):
    subject = v6_2.connect
    profile = "6.2"

    def add(self, table, row):
        try:
            table += row
        except Exception:
            table += row
        return table
