"""LIVE: the session itself."""

from __future__ import annotations

from connect_contracts.chapters.builder import AS_ADMIN, connect, must, secure, story
from connect_contracts.chapters.case import Story
from connect_contracts.chapters.live.chapter import CHAPTER, ONLY_6_2
from connect_contracts.checks.expectation import Gives, Returns
from connect_contracts.checks.wire_checks import FollowsLink, GivesUrl
from connect_contracts.model.clause import Depth, Level
from connect_contracts.model.scenario import Basic, Use, User

LIVE_12 = CHAPTER.clause(
    12,
    "session.user has the connected user's name and roles; session.url is the target's, and "
    "str(session.link) begins with an address that leads to it",
    "documentation of Session",
    Level.DOCUMENTED,
    ONLY_6_2,
)


@CHAPTER.case(LIVE_12, depth=Depth.CORE)
def the_user() -> Story:
    """``session.user`` of someone with roles of their own."""
    pilot = User("Cooper", "endurance", ("ROLE_USER", "ROLE_PILOT"))
    return story(
        secure(users=(pilot,)),
        connect(Basic("Cooper", "endurance")),
        must(Use("user"), Gives({"name": "Cooper", "roles": ["ROLE_PILOT", "ROLE_USER"]})),
    )


@CHAPTER.case(LIVE_12)
def the_url() -> Story:
    """``session.url`` is the target's, also one with a path."""
    return story(
        secure(base_path="/one"), connect(AS_ADMIN), must(Use("url"), Returns(), GivesUrl())
    )


@CHAPTER.case(LIVE_12)
def the_link() -> Story:
    """``str(session.link)`` begins with an address that leads to the target."""
    return story(secure(), connect(AS_ADMIN), must(Use("follow link"), Returns(), FollowsLink()))
