from mypackage.client import connect

from connect_contracts import laws

test_laws = laws(connect, settings="ci")
