"""The two objects with which a client begins: the entry point and the gateway server."""

from __future__ import annotations

from connect_harness.protocols.py4j.api import Api
from connect_harness.protocols.py4j.objects import Remote


class EntryPoint(Remote):
    """What a client finds under the id ``t``."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def api(self, *_: object) -> Api:
        """The session's interface; releases differ in whether they pass anything."""
        return self._api


class GatewayServer(Remote):
    """What a client finds under the id ``GATEWAY_SERVER``.

    A client tells it where Java may call back. This target session never does.
    """

    def get_callback_client(self) -> CallbackClient:
        """The side of the gateway that would call back."""
        return CallbackClient()

    def reset_callback_client(self, _address: object, _port: int) -> None:
        """Says where to call back."""


class CallbackClient(Remote):
    """Would call back, if this target session did."""

    def get_address(self) -> InetAddress:
        """The address that would be called."""
        return InetAddress()


class InetAddress(Remote):
    """An address, which a client only hands back."""
