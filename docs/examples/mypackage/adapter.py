"""What differs from the documented names."""

from connect_contracts import Implementation
from mypackage.client import connect


class Adapter(Implementation):
    subject = connect

    def list_tables(self, session):
        return list(session.tables)
