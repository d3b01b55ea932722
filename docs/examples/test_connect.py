from mypackage.client import connect

from connect_contracts import contracts

test_connect = contracts(connect, depth="core")
