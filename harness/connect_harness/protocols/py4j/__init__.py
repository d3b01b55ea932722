"""Py4J, sans I/O: the Java side of the protocol through which the public client changes a session.

The protocol is open (https://www.py4j.org, BSD licence). Lines go in, reply lines come out:
``gateway`` takes the lines, ``commands`` carries out what they ask on ``objects`` and
``containers``, and ``values`` is how those look on a line. ``api`` is what a client may ask of the
session, and ``arguments`` what it describes by Java objects on the way.
"""

from connect_harness.protocols.py4j.api import changing_call
from connect_harness.protocols.py4j.gateway import Conversation, Gateway

__all__ = ["Conversation", "Gateway", "changing_call"]
