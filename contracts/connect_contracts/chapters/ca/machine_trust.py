"""Authorities that the implementation trusts by itself, beside the file or without one.

In a fresh interpreter: many clients read their store when they are imported.
"""

from __future__ import annotations

from connect_contracts.chapters.builder import connect_tls, https, must, story
from connect_contracts.chapters.ca.chapter import CA_4, CA_19, CHAPTER
from connect_contracts.chapters.case import Meanings, Story
from connect_contracts.checks.expectation import Raises, Returns
from connect_contracts.checks.wire_checks import KnownAs, NoHttpByte
from connect_contracts.model.clause import Depth


@CHAPTER.case(
    CA_4, recipe="cafile/env-SSL_CERT_FILE", rule='page: "some trusted public"', depth=Depth.CORE
)
def trusted_without_the_file() -> Story:
    """No file is given, and the implementation's own store trusts the target's authority."""
    return story(
        https(),
        must(connect_tls(authority_file=None), Returns(), KnownAs("admin")),
        trusted=("authority",),
        isolation="process",
    )


@CHAPTER.case(CA_4, rule='page: "some trusted public"', depth=Depth.FULL)
def another_is_trusted() -> Story:
    """No file is given, and the implementation's own store trusts another authority."""
    return story(
        https(),
        must(connect_tls(authority_file=None), Raises(), NoHttpByte()),
        trusted=("another authority",),
        isolation="process",
        twin=trusted_without_the_file(),
    )


def _beside_a_file() -> Story:
    return story(
        https(),
        connect_tls(defect="file of another authority"),
        trusted=("authority",),
        isolation="process",
    )


CHAPTER.add(
    CA_19,
    "file-beside-the-machines-authorities",
    "The file given is that of another authority, and the implementation's own store trusts the "
    "target's.",
    _beside_a_file,
    recipe="cafile/adds-to-system",
    meanings=Meanings(
        "the file adds to the authorities that the implementation trusts by itself",
        "the file replaces the authorities that the implementation trusts by itself",
    ),
)
