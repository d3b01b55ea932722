"""A verifier of certificates, written by hand so that any one of its checks can be left out.

``ssl`` has no switch for most of what RFC 5280 section 6.1 demands. Here the handshake verifies
nothing; then the chain that the target sent is judged, and a target that is not believed gets no
byte of HTTP.
"""

from __future__ import annotations

import ssl
import warnings
from collections.abc import Sequence
from datetime import UTC, datetime
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any, Literal, get_args

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.utils import CryptographyDeprecationWarning
from cryptography.x509.oid import ExtendedKeyUsageOID, ExtensionOID

Check = Literal[
    "dates",
    "basic constraints",
    "path length",
    "key usage",
    "purposes",
    "name constraints",
    "critical extensions",
    "signature algorithms",
    "curves",
    "host name",
    "wildcards of one label",
    "wildcards of a whole label",
    "wildcards at the left end",
]
CHECKS: frozenset[Check] = frozenset(get_args(Check))
LONGEST_PATH = 6
MOST_LOOKED_AT = 200
"""Certificates that are tried as somebody's issuer before a path is given up."""

_EXPLICIT_CURVE = bytes.fromhex("06072a8648ce3d0101")  # the field of a curve that is not named

Certificates = list[x509.Certificate]


class ByHand(ssl.SSLContext):
    """A context whose certificates are verified here.

    Attributes:
        checks: What is looked at.
        authorities: Who is trusted.
        sent_are_trusted: Whether the intermediates that a target sends are trusted as well.
    """

    checks: frozenset[Check] = CHECKS
    authorities: Sequence[x509.Certificate] = ()
    sent_are_trusted: bool = False

    def wrap_socket(self, *given: Any, **named: Any) -> Any:
        wrapped: Any = super().wrap_socket(*given, **named)
        try:
            self._believe(wrapped, named["server_hostname"])
        except Exception:
            wrapped.close()
            raise
        return wrapped

    def _believe(self, wrapped: Any, host: str) -> None:
        chain = _read(_sent(wrapped))
        anchors = [*self.authorities, *(chain[1:] if self.sent_are_trusted else ())]
        path = _path(chain, anchors)
        problem = "nobody known" if path is None else self._problem(path, host)
        if problem is not None:
            raise ssl.SSLError(f"this target is not believed: {problem}")

    def _problem(self, path: Certificates, host: str) -> str | None:
        """Which check the path fails, its anchor left aside; ``None`` if it passes all."""
        judged, leaf = path[:-1], path[0]
        failed: dict[Check, bool] = {
            "dates": any(not _valid_now(one) for one in judged),
            "basic constraints": any(not _is_authority(one) for one in judged[1:]),
            "path length": any(_too_long(path, place) for place in range(1, len(judged))),
            "key usage": any(not _may_sign(one) for one in judged[1:]),
            "purposes": not _for_servers(leaf),
            "name constraints": any(_violated(path, place) for place in range(1, len(judged))),
            "critical extensions": any(_unknown_critical(one) for one in judged),
            "signature algorithms": any(_md5(one) for one in judged),
            "curves": any(_explicit_curve(one) for one in judged),
        }
        for check, wrong in failed.items():
            if wrong and check in self.checks:
                return check
        if "host name" in self.checks and not self._named(leaf, host):
            return "host name"
        return None

    def _named(self, leaf: x509.Certificate, host: str) -> bool:
        names = _alternative_names(leaf)
        try:
            return ip_address(host) in names.get_values_for_type(x509.IPAddress)
        except ValueError:
            dns_names = names.get_values_for_type(x509.DNSName)
            return any(self._matches(name.lower(), host.lower()) for name in dns_names)

    def _matches(self, name: str, host: str) -> bool:
        if "*" not in name:
            return name == host
        labels, wanted = name.split("."), host.split(".")
        if labels[0] == "*" and len(labels) > 2 and "*" not in "".join(labels[1:]):
            same_end = labels[1:] == wanted[-len(labels) + 1 :]
            deeper = "wildcards of one label" not in self.checks and len(wanted) > len(labels)
            return same_end and (len(wanted) == len(labels) or deeper)
        if len(labels) != len(wanted):
            return False
        if "wildcards at the left end" not in self.checks and "*" in labels:
            return all(one in ("*", other) for one, other in zip(labels, wanted, strict=True))
        if "wildcards of a whole label" not in self.checks and "*" in labels[0]:
            start, _, end = labels[0].partition("*")
            partial = wanted[0].startswith(start) and wanted[0].endswith(end)
            return partial and labels[1:] == wanted[1:]
        return False


def by_hand(
    certificate_authority: Path | None,
    *,
    without: Sequence[Check] = (),
    sent_are_trusted: bool = False,
) -> ByHand:
    """A context that believes the authorities of a file, or of the machine.

    Parameters:
        without: The checks that are left out.
        sent_are_trusted: Intermediates that a target sends are taken for authorities.
    """
    known = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if certificate_authority is None:
        known.load_default_certs()
    else:
        known.load_verify_locations(certificate_authority)
        if not known.cert_store_stats()["x509"]:
            raise ssl.SSLError("no certificate in there")
    context = ByHand(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.checks = CHECKS - set(without)
    context.sent_are_trusted = sent_are_trusted
    context.authorities = _read(known.get_ca_certs(binary_form=True))
    return context


def _read(certificates: Sequence[bytes]) -> Certificates:
    with warnings.catch_warnings():
        # A serial number that is zero or negative is read under protest.
        warnings.simplefilter("ignore", CryptographyDeprecationWarning)
        return [x509.load_der_x509_certificate(one) for one in certificates]


def _sent(wrapped: Any) -> list[bytes]:
    if hasattr(wrapped, "get_unverified_chain"):
        chain: list[bytes] = wrapped.get_unverified_chain()
        return chain
    # Before 3.13 it is there under another name, and in another form.
    return [one.public_bytes(2) for one in wrapped._sslobj.get_unverified_chain()]


def _path(chain: Certificates, anchors: Sequence[x509.Certificate]) -> Certificates | None:
    """From the leaf to an anchor, by names and signatures."""
    left = MOST_LOOKED_AT
    waiting = [[chain[0]]]
    while waiting and left:
        path = waiting.pop(0)
        for anchor in anchors:
            if _signed_by(path[-1], anchor):
                return [*path, anchor]
        for one in chain[1:]:
            left = max(0, left - 1)
            if left and one not in path and len(path) < LONGEST_PATH and _signed_by(path[-1], one):
                waiting.append([*path, one])
    return None


def _signed_by(one: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        one.verify_directly_issued_by(issuer)
    except (ValueError, UnsupportedAlgorithm):
        return one.issuer == issuer.subject and _signed_in_an_old_way(one, issuer)
    except (TypeError, InvalidSignature):
        return False
    return True


def _signed_in_an_old_way(one: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Whether it is signed over a digest that is no longer taken for certificates."""
    try:
        key, digest = issuer.public_key(), one.signature_hash_algorithm
        if not isinstance(key, RSAPublicKey) or digest is None:
            return False
        key.verify(one.signature, one.tbs_certificate_bytes, PKCS1v15(), digest)
    except (ValueError, UnsupportedAlgorithm, InvalidSignature):
        return False
    return True


def _extension(one: x509.Certificate, oid: x509.ObjectIdentifier) -> Any:
    try:
        return one.extensions.get_extension_for_oid(oid).value
    except x509.ExtensionNotFound:
        return None


def _alternative_names(leaf: x509.Certificate) -> Any:
    found = _extension(leaf, ExtensionOID.SUBJECT_ALTERNATIVE_NAME)
    return found or x509.SubjectAlternativeName([])


def _valid_now(one: x509.Certificate) -> bool:
    return one.not_valid_before_utc <= datetime.now(UTC) <= one.not_valid_after_utc


def _is_authority(one: x509.Certificate) -> bool:
    constraints = _extension(one, ExtensionOID.BASIC_CONSTRAINTS)
    return constraints is not None and constraints.ca


def _too_long(path: Certificates, place: int) -> bool:
    constraints = _extension(path[place], ExtensionOID.BASIC_CONSTRAINTS)
    limit = None if constraints is None else constraints.path_length
    below = [one for one in path[1:place] if one.subject != one.issuer]
    return limit is not None and len(below) > limit


def _may_sign(one: x509.Certificate) -> bool:
    usage = _extension(one, ExtensionOID.KEY_USAGE)
    return usage is None or usage.key_cert_sign


def _for_servers(leaf: x509.Certificate) -> bool:
    usages = _extension(leaf, ExtensionOID.EXTENDED_KEY_USAGE)
    wanted = (ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE)
    usage = _extension(leaf, ExtensionOID.KEY_USAGE)
    signs = usage is None or usage.digital_signature or usage.key_agreement
    return signs and (usages is None or any(one in usages for one in wanted))


def _unknown_critical(one: x509.Certificate) -> bool:
    return any(
        each.critical and isinstance(each.value, x509.UnrecognizedExtension)
        for each in one.extensions
    )


def _md5(one: x509.Certificate) -> bool:
    algorithm = one.signature_hash_algorithm
    return algorithm is not None and algorithm.name == "md5"


def _explicit_curve(one: x509.Certificate) -> bool:
    return _EXPLICIT_CURVE in one.tbs_certificate_bytes


def _violated(path: Certificates, place: int) -> bool:
    """Whether a name of one below is none that the name constraints of an issuer allow."""
    constraints = _extension(path[place], ExtensionOID.NAME_CONSTRAINTS)
    if constraints is None:
        return False
    for number, one in enumerate(path[:place]):
        if number and one.subject == one.issuer:
            continue
        subject = [x509.DirectoryName(one.subject)] if list(one.subject) else []
        for name in (*_alternative_names(one), *subject):
            if not _allowed(name, constraints):
                return True
    return False


def _allowed(name: x509.GeneralName, constraints: x509.NameConstraints) -> bool:
    permitted = [one for one in constraints.permitted_subtrees or () if type(one) is type(name)]
    excluded = [one for one in constraints.excluded_subtrees or () if type(one) is type(name)]
    if permitted and not any(_within(name, one) for one in permitted):
        return False
    return not any(_within(name, one) for one in excluded)


def _within(name: x509.GeneralName, subtree: x509.GeneralName) -> bool:
    if isinstance(name, x509.DirectoryName) and isinstance(subtree, x509.DirectoryName):
        return list(name.value)[: len(list(subtree.value))] == list(subtree.value)
    if isinstance(name, x509.DNSName) and isinstance(subtree, x509.DNSName):
        return name.value == subtree.value or name.value.endswith(f".{subtree.value}")
    address, network = str(name.value), str(subtree.value)
    one, other = ip_address(address), ip_network(network)
    return one.version == other.version and one in other
