"""Addresses of a target: hosts, and base paths with letters that a URL has to escape."""

from __future__ import annotations

from hypothesis import strategies as st

from connect_contracts.search.strategies.specifics import HOSTS, OWN_NAME

_PLAIN = st.text(st.sampled_from("abcxyz019"), min_size=1, max_size=6)
_ODD = st.text(
    st.characters(
        min_codepoint=0x20, max_codepoint=0x2FF, exclude_categories=["Cc"], exclude_characters="/"
    ),
    min_size=1,
    max_size=6,
).filter(lambda segment: segment.strip(".") != "")


def hosts(*, names: bool = False) -> st.SearchStrategy[str]:
    """How the host of a target is written in its URL, ``localhost`` the plainest.

    Parameters:
        names: Whether a name of the target's own may come, which its certificate has to have.
    """
    return st.sampled_from((*HOSTS, OWN_NAME) if names else tuple(HOSTS))


def base_paths(*, odd: bool = True) -> st.SearchStrategy[str]:
    """Base paths of a target, as its owner writes them: empty, or ``/one/two``.

    Parameters:
        odd: Whether they may have letters that a URL has to escape (RFC 3986 2.1). A segment of
            dots alone never comes, as it has a meaning of its own (RFC 3986 5.2.4).
    """
    segment = _PLAIN | _ODD if odd else _PLAIN
    return st.lists(segment, max_size=3).map(lambda parts: "".join(f"/{one}" for one in parts))


def urls() -> st.SearchStrategy[tuple[str, str]]:
    """Forms of an address: the host as a call has it, and the target's base path."""
    return st.tuples(hosts(), base_paths())
