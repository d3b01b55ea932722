"""The chapter CA: its clauses, what its topics share, and the cases derived from defects.

A defect of a certificate is written down once, in ``connect_harness.certificates.defects``; its
docstring, its rule and its expectation are those of its case here.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from connect_contracts.chapters.builder import connect_tls, https, must, story
from connect_contracts.chapters.case import Chapter, Meanings, Story
from connect_contracts.checks.expectation import Raises, Returns
from connect_contracts.checks.wire_checks import KnownAs, NoHttpByte
from connect_contracts.model.clause import Depth, Level
from connect_contracts.model.scenario import AuthorityFile, Host, TargetSpec
from connect_harness.certificates import DEFECTS, Defect

CHAPTER = Chapter("CA", "which target may be believed")

CA_1 = CHAPTER.clause(
    1,
    "a certificate of a private authority, and that authority's file: connect succeeds, whatever "
    "CA bundle the environment names",
    "certificate_authority",
    Level.DOCUMENTED,
)
CA_2 = CHAPTER.clause(
    2,
    "the same target without the file: connect raises, and not one HTTP byte reached the target",
    '"Required when"',
    Level.DOCUMENTED,
)
CA_3 = CHAPTER.clause(
    3,
    "the file of another authority, also one of the same name: as CA-2",
    "certificate_authority",
    Level.DOCUMENTED,
)
CA_4 = CHAPTER.clause(
    4,
    "a certificate of an authority that the implementation's own store trusts (ssl defaults, "
    "truststore, certifi: the adapter declares which; the harness adds the authority there, for "
    "this case alone): the file is not required",
    '"not signed by some trusted public" authority',
    Level.IMPLIED,
)
CA_5 = CHAPTER.clause(
    5,
    "a file with several authorities, in any order, with text between them",
    "RFC 7468 2, 5.2",
    Level.IMPLIED,
)
CA_6 = CHAPTER.clause(
    6,
    "a leaf below an intermediate: accepted when the target sends it, refused when it does not "
    "(no certificate here says where to fetch it)",
    "RFC 5280 6.1, RFC 8446 4.4.2",
    Level.IMPLIED,
)
CA_7 = CHAPTER.clause(
    7,
    "for an https URL, a file that is missing, a directory, below a regular file, in a loop of "
    "links, empty, or no certificate: raises before any request, and never falls back in silence "
    "to the machine's authorities; one good and one damaged certificate: observe",
    "Path to",
    Level.IMPLIED,
)
CA_8 = CHAPTER.clause(8, "a file given together with an http:// URL", "-", Level.OBSERVE)
CA_9 = CHAPTER.clause(
    9,
    "names with spaces and non-ASCII letters, relative paths, symbolic links",
    "Path",
    Level.IMPLIED,
)
CA_10 = CHAPTER.clause(
    10,
    "host name: DNS and IP subject alternative names are honoured; a mismatch, an IP URL with DNS "
    "names alone, an IP written as a DNS name, a right common name beside wrong DNS names: refused",
    "RFC 9110 4.3.4, 4.3.5; RFC 9525 6.3, 6.4",
    Level.IMPLIED,
)
CA_11 = CHAPTER.clause(
    11,
    "wildcard: one label matches; two labels, or a partial label, do not",
    "RFC 9525 6.3",
    Level.IMPLIED,
)
CA_12 = CHAPTER.clause(
    12, "expired or not yet valid leaf or intermediate: refused", "RFC 5280 6.1.3", Level.IMPLIED
)
CA_13 = CHAPTER.clause(
    13,
    "leaf for client use only (EKU), intermediate that is no authority (basic constraints), path "
    "length exceeded, name constraints of an intermediate violated, intermediate without the right "
    "to sign (key usage), unknown critical extension: refused",
    "RFC 5280 4.2, 6.1",
    Level.IMPLIED,
)
CA_14 = CHAPTER.clause(
    14, "self-signed leaf, not given as authority: refused", '"Required when"', Level.DOCUMENTED
)
CA_15 = CHAPTER.clause(
    15,
    "versions below TLS 1.2 are refused (RFC 8996); 1.2 and 1.3 both work; a chain signed with MD5 "
    "is refused (RFC 8446 4.4.2.4); SHA-1, RSA of 1024 bits: observe",
    "RFC 8996 4, 5",
    Level.IMPLIED,
)
CA_16 = CHAPTER.clause(
    16,
    "after a refused certificate nothing is tried again with weaker checks or over plain HTTP: no "
    "HTTP byte, encrypted or plain, arrives on any port of the target",
    "-",
    Level.ROBUST,
)
CA_17 = CHAPTER.clause(
    17,
    "HTTPS to a plain port, HTTP to a TLS port, a peer that closes within the handshake: raises",
    "-",
    Level.ROBUST,
)
CA_18 = CHAPTER.clause(
    18,
    "what is given as certificate_authority does not change which certificates any other session "
    "trusts, before or after, on the same host and port too",
    "-",
    Level.ROBUST,
)
CA_19 = CHAPTER.clause(
    19,
    "whether the file replaces the machine's authorities or adds to them; str instead of Path; a "
    "leaf or an intermediate given as the only authority; a name in the common name alone; strict "
    "checks; revocation; whatever about certificates and handshakes no rule settles",
    "-",
    Level.OBSERVE,
)
CA_20 = CHAPTER.clause(
    20,
    "later requests believe no one else either: another server with another authority, put on the "
    "same port after connect, gets no HTTP byte",
    'certificate_authority "to verify the HTTPS connection"',
    Level.IMPLIED,
)
CA_21 = CHAPTER.clause(
    21, "the file is read afresh by each connect: same path, new content", "-", Level.ROBUST
)


def believed(target: TargetSpec | None = None, host: Host = "localhost", **call: Any) -> Story:
    """Connect succeeds, as the administrator."""
    return story(
        target or https(), must(connect_tls(host=host, **call), Returns(), KnownAs("admin"))
    )


def refused(target: TargetSpec | None = None, host: Host = "localhost", **call: Any) -> Story:
    """The client refuses the target: connect raises, and not one HTTP byte reaches it."""
    return story(target or https(), must(connect_tls(host=host, **call), Raises(), NoHttpByte()))


def observed(target: TargetSpec | None = None, host: Host = "localhost", **call: Any) -> Story:
    """What comes of connect is recorded."""
    return story(target or https(), connect_tls(host=host, **call))


_STORIES = {"refused": refused, "accepted": believed, "observe": observed}


def _story(defect: Defect) -> Story:
    target = TargetSpec(scheme="https", chain=replace(defect.chain, defect=defect.name))
    given = AuthorityFile(defect.given)
    return _STORIES[defect.expectation](target, defect.host, authority_file=given)


for _defect in DEFECTS.values():
    if _defect.chain.purpose == "server":
        CHAPTER.add(
            CHAPTER.clauses[_defect.clause],
            _defect.slug.replace("_", "-"),
            _defect.description,
            partial(_story, _defect),
            level=Level.OBSERVE if _defect.expectation == "observe" else None,
            depth=Depth(_defect.depth),
            recipe=_defect.recipe,
            rule=_defect.rule,
            meanings=Meanings(_defect.if_accepted, _defect.if_refused),
        )
