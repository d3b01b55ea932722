"""A certificate chain as a value: what it is for, who issues it, and at most one named defect."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from ipaddress import ip_address
from typing import Literal, get_args

from connect_harness.refusals import check_type, check_types, no_such

Purpose = Literal["server", "client"]
KeyKind = Literal["ec-p256", "ec-p384", "ed25519", "rsa-2048", "rsa-4096"]

MOST_INTERMEDIATES = 4

_LABEL = r"(?!-)[a-z0-9_*-]{1,63}(?<!-)"
# RFC 1035 2.3.4 has the lengths. Underscores are met in certificates, and stars that match nothing.
_NAME = re.compile(rf"(?=.{{1,253}}$){_LABEL}(\.{_LABEL})*\.?")


@dataclass(frozen=True)
class Chain:
    """A chain to be issued. Equal chains say the same; plain data, so it can be kept as JSON.

    A target presents it, and a client must refuse what is wrong with it::

        >>> from connect_harness import Chain, HttpsConfig, SecurityConfig, SessionConfig
        >>> expired = SessionConfig(
        ...     security=SecurityConfig(https=HttpsConfig(chain=Chain(defect="leaf expired")))
        ... )
        >>> Chain(defect="leaf expird")
        Traceback (most recent call last):
        ...
        ValueError: There is no defect 'leaf expird'. The nearest are 'leaf expired', ...

    Parameters:
        names: Host names and IP addresses of the leaf (subject alternative names), in lower
            case, international names as A-labels; ``*.example.test`` is a wildcard. May be empty
            if there is a ``subject``.
        subject: The common name of the leaf. A client certificate is known by it: ``"admin"``.
        intermediates: How many intermediates stand between the authority and the leaf, 0 to 4.
        authority: The name of the authority that the chain ends in. What follows a ``#`` tells
            apart authorities of one subject: see ``Authorities``.
        purpose: Whose certificate it is, a server's or a client's.
        key: The kind of the leaf's key; the number is the size in bits.
        cross_signed_by: The name of an authority that also signed the key of ``authority``. That
            cross-signed certificate (subject and key of ``authority``, issuer this one) is sent
            last, so that who trusts either of the two authorities can verify the chain.
        defect: The name of the one thing that is wrong (``defects.DEFECTS``), or ``None``.

    Raises:
        TypeError: A value has another type.
        ValueError: The leaf would have neither name nor subject, a name is not in the form
            above, there are too many intermediates, an authority signs itself across, there is
            no such defect, or it needs another chain: ``DEFECTS[name].defective_chain`` is one.
    """

    names: tuple[str, ...] = ("localhost", "127.0.0.1", "::1")
    subject: str | None = None
    intermediates: int = 0
    authority: str = "authority"
    purpose: Purpose = "server"
    key: KeyKind = "ec-p256"
    cross_signed_by: str | None = None
    defect: str | None = None

    def __post_init__(self) -> None:
        text = (str, type(None))
        one = "Write one name as ('localhost',)."
        check_types(self, one, names=tuple)
        for name in self.names:
            check_type("Chain", "names", name, str, one)
        check_types(self, subject=text, intermediates=int, authority=str)
        check_types(self, cross_signed_by=text, defect=text)
        for what, given, known in (("purpose", self.purpose, Purpose), ("key", self.key, KeyKind)):
            if given not in get_args(known):
                raise ValueError(no_such(what, given, get_args(known)))
        if not self.names and self.subject is None:
            raise ValueError("a chain needs a name or a subject")
        for name in self.names:
            if not name.isascii() or name != name.lower():
                raise ValueError(f"write {name!r} in lower case, and as A-labels (xn--...)")
            if not is_host_name(name):
                raise ValueError(
                    f"{name!r} is no name of a host, such as localhost, and no address: leave out "
                    "scheme, port and path"
                )
        if not 0 <= self.intermediates <= MOST_INTERMEDIATES:
            raise ValueError(
                f"a chain has 0 to {MOST_INTERMEDIATES} intermediates, not {self.intermediates}"
            )
        if not self.authority or self.cross_signed_by == "":
            raise ValueError("an authority has a name")
        if self.cross_signed_by == self.authority:
            raise ValueError("an authority is cross-signed by another one, not by itself")
        if self.defect is not None:
            # All defects are loaded at once: a sound chain does not need them.
            from connect_harness.certificates.defects import named_defect

            named_defect(self.defect).check(self)


def is_host_name(text: str) -> bool:
    """Whether a certificate can have ``text`` as a name: a host in lower case, or an address."""
    try:
        return bool(ip_address(text))
    except ValueError:
        return _NAME.fullmatch(text) is not None


def as_written(chain: Chain) -> str:
    """``chain`` as an expression of Python, without what it has by default."""
    given = ((each.name, getattr(chain, each.name), each.default) for each in fields(chain))
    texts = (f"{name}={value!r}" for name, value, default in given if value != default)
    return f"Chain({', '.join(texts)})"
