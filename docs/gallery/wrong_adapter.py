"""The adapter of a sound connect, with a mistake of its own."""

from connect_contracts import Implementation
from connect_contracts.reference import v6_2


class Adapter(Implementation):
    subject = v6_2.connect
    profile = "6.2"

    def list_tables(self, session):
        return session.table_names()
