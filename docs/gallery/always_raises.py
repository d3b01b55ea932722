"""Refuses every target, and so every target that must be refused."""

from little import BasicAuthentication, __connect_contract__  # noqa: F401


def connect(url, *, authentication=None, certificate_authority=None):
    raise ConnectionError("The target was refused.")
