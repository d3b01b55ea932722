"""Texts of a caller and an address: user names, passwords and base paths, letter by letter.

All that RFC 7617 has a form for, and what is beyond it; letters that a URL has to escape.
"""

from __future__ import annotations

import unicodedata

from hypothesis import strategies as st

from connect_contracts.model.scenario import Basic
from connect_contracts.oracle.caller import LONGEST
from connect_contracts.search.strategies.dimensions import CREDENTIALS

_PRINTABLE = st.characters(min_codepoint=0x20, max_codepoint=0x7E)
_LETTERS = st.sampled_from("passwdabc123")
# Halves of surrogate pairs have no form in UTF-8, and none in a file of JSON.
_BEYOND = st.characters(min_codepoint=0xA1, exclude_categories=("Cc", "Cs", "Cn", "Co"))
_COMBINED = ("a\u0308", "e\u0301", "o\u0302", "\u212b")
_CONTROLS = tuple(chr(code) for code in (*range(0x20), 0x7F, 0x85))
_OF_A_PATH = st.sampled_from("abcxyz019")
_TO_ESCAPE = st.sampled_from(' %?#"<>\u00e9\u0142')
_ODD = st.characters(
    min_codepoint=0x20, max_codepoint=0x2FF, exclude_categories=["Cc"], exclude_characters="/"
)


def user_names() -> st.SearchStrategy[str]:
    """Names that any rule lets travel: printable ASCII without a colon, ``user`` first."""
    return st.just("user") | st.text(
        st.characters(min_codepoint=0x21, max_codepoint=0x7E, exclude_characters=":"),
        min_size=1,
        max_size=20,
    )


def passwords(kind: str = "plain") -> st.SearchStrategy[str]:
    """Passwords of a kind, such as ``beyond ASCII`` (``dimensions.CREDENTIALS``).

    Raises:
        ValueError: There is no such kind.
    """
    match kind:
        case "plain":
            return st.text(_LETTERS, min_size=1, max_size=12)
        case "spaces and quotes":
            return _with(st.sampled_from(" \"'\\!#$%&*+/=?@[]^`{|}~"), _LETTERS)
        case "colon in the password":
            return _with(st.just(":"), _PRINTABLE)
        case "beyond ASCII":
            return _with(_BEYOND, _PRINTABLE | _BEYOND).map(
                lambda text: unicodedata.normalize("NFC", text)
            )
        case "empty password":
            return st.just("")
        case "long":
            return st.integers(256, LONGEST).map(lambda size: ("passwd" * size)[:size])
        case "not in normal form":
            return _with(st.sampled_from(_COMBINED), _PRINTABLE)
        case "control characters":
            return _with(st.sampled_from(_CONTROLS), _PRINTABLE)
        case _ if kind in CREDENTIALS:
            return passwords()
        case _:
            raise ValueError(f"no kind {kind!r} of credentials: {', '.join(CREDENTIALS)}")


def _with(
    special: st.SearchStrategy[str], others: st.SearchStrategy[str]
) -> st.SearchStrategy[str]:
    """Texts that have something special in them, the shortest first."""
    around = st.text(others, max_size=8)
    return st.tuples(around, special, around).map("".join)


def credentials(kind: str | None = None) -> st.SearchStrategy[Basic]:
    """``BasicAuthentication`` arguments; the target knows their user if it has such a user.

    Parameters:
        kind: What is special about them (``dimensions.CREDENTIALS``); any kind by default.

    Raises:
        ValueError: There is no such kind.

    Source: RFC 7617 2 and 2.1; what is in no normal form and what has control characters is
    beyond it.
    """
    if kind is None:
        return st.sampled_from(CREDENTIALS).flatmap(credentials)
    names = user_names()
    if kind == "colon in the user name":
        names = st.tuples(names, names).map(":".join)
    return st.builds(Basic, username=names, password=passwords(kind))


def base_paths(*, odd: bool = True) -> st.SearchStrategy[str]:
    """Base paths of a target, as its owner writes them, such as ``/one/two``.

    Parameters:
        odd: Whether each has letters that a URL has to escape (RFC 3986 2.1).
    """
    usual = st.text(_OF_A_PATH, min_size=1, max_size=6)
    escaped = _with(_TO_ESCAPE, _ODD)
    first, more = (escaped, usual | escaped) if odd else (usual, usual)
    return st.tuples(first, st.lists(more, max_size=2)).map(
        lambda parts: "".join(f"/{segment}" for segment in (parts[0], *parts[1]))
    )
