"""The connect that the examples verify and use."""

from connect_contracts.reference.v6_2 import (
    BasicAuthentication,
    ClientCertificate,
    Session,
    TokenAuthentication,
    connect,
)

__all__ = ["BasicAuthentication", "ClientCertificate", "Session", "TokenAuthentication", "connect"]

__connect_contract__ = {"profile": "6.2", "server_version": "6.2.2"}
