"""The suite for ``pytest --pyargs connect_contracts --connect-contract module[:attribute]``."""

from connect_contracts.pytest_suite.suite import contracts

test_connect = contracts()
