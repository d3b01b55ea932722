"""A small catalogue of recipes, made up: one for each kind of row."""

from __future__ import annotations

import pytest

from connect_contracts.chapters.builder import (
    arm,
    connect_tls,
    either,
    expired_client_certificate,
    https,
    must,
    mutual_tls,
    story,
)
from connect_contracts.chapters.case import Chapter, Meanings, Story
from connect_contracts.chapters.catalogue import Catalogue
from connect_contracts.checks.expectation import Raises, Returns
from connect_contracts.checks.wire_checks import HandshakeRefusedByTarget, KnownAs, NoHttpByte
from connect_contracts.model.clause import Depth, Level
from connect_contracts.model.scenario import AuthorityFile, Certificate


def made_up() -> Catalogue:
    """The catalogue: CA with five recipes and a case without one, MTLS with two."""
    ca = Chapter("CA", "which target may be believed")
    one = ca.clause(1, "a certificate of a private authority", "the page", Level.DOCUMENTED)
    validity = ca.clause(12, "expired: refused", "RFC 5280 6.1.3", Level.IMPLIED)
    rest = ca.clause(19, "what no rule settles", "-", Level.OBSERVE)
    ca.add(one, "plain", "A plain chain.", _accepted, recipe="ok/plain")
    ca.add(one, "of-no-recipe", "A case without a recipe.", _accepted)
    ca.add(
        validity,
        "leaf-expired",
        "The leaf | of *.test expired.",
        lambda: _refused("leaf expired"),
        recipe="time/expired",
        rule="RFC 5280 6.1.3 (a)(2)",
        depth=Depth.DEFAULT,
    )
    ca.add(
        validity,
        "intermediate-expired",
        "The intermediate expired.",
        lambda: _refused("intermediate expired", intermediates=1),
        recipe="time/expired-intermediate",
    )
    ca.add(
        rest,
        "leaf-alone",
        "The leaf itself is trusted.",
        lambda: story(https(), connect_tls(authority_file=AuthorityFile(("the leaf",)))),
        recipe="trust/leaf-pinned",
        depth=Depth.FULL,
        meanings=Meanings(accepted="a leaf is believed for itself"),
    )
    ca.add(
        one,
        "stalled",
        "The target never answers.",
        lambda: story(https(), arm("noop"), must(connect_tls(), Returns())),
        recipe="proto/stalled",
    )
    mtls = Chapter("MTLS", "client certificates")
    client = mtls.clause(4, "a client certificate that is refused", "the page", Level.DOCUMENTED)
    mtls.add(
        client,
        "expired",
        "The client's certificate expired.",
        lambda: story(
            mutual_tls(),
            must(
                connect_tls(expired_client_certificate()),
                Raises(),
                HandshakeRefusedByTarget(("certificate_expired",)),
            ),
        ),
        recipe="mtls/expired",
    )
    mtls.add(
        client,
        "optional",
        "The client's certificate is optional.",
        lambda: story(
            mutual_tls("optional"),
            either(connect_tls(Certificate()), (Returns(),), (Raises(), NoHttpByte())),
            twin=_accepted(),
        ),
        recipe="mtls/optional",
    )
    return Catalogue((ca, mtls))


def _accepted() -> Story:
    return story(https(), must(connect_tls(), Returns(), KnownAs("admin")))


def _refused(defect: str, intermediates: int = 0) -> Story:
    target = https(defect=defect, intermediates=intermediates)
    return story(target, must(connect_tls(host="127.0.0.1"), Raises(), NoHttpByte()))


@pytest.fixture
def every() -> Catalogue:
    """The made-up catalogue."""
    return made_up()
