"""The suite for ``pytest --pyargs connect_contracts --connect-contract module[:attribute]``."""

from connect_contracts.suite import contracts

test_connect = contracts()
