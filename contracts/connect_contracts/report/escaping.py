"""Characters that no terminal must be given are written out, as JSON writes them."""

from __future__ import annotations

import json
import re

_ACTS_ON_A_TERMINAL = re.compile(
    # C0 without tab and newline, DEL, C1; marks, embeddings and isolates of direction; line ends.
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]"
)


def escaped(text: str) -> str:
    """``text`` with each character that acts on a terminal written out, as ``\\u001b``.

    The form is that of JSON: a JSON text that is escaped still says the same.
    """
    return _ACTS_ON_A_TERMINAL.sub(lambda found: _written_out(found[0]), text)


def encodable(text: str, encoding: str) -> str:
    """``text`` with each character that ``encoding`` lacks written out in the same form."""
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return "".join(one if _has(encoding, one) else _written_out(one) for one in text)
    return text


def _has(encoding: str, character: str) -> bool:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _written_out(character: str) -> str:
    # JSON has short forms for some, and writes DEL as it is.
    code = ord(character)
    return json.dumps(character)[1:-1] if code > 0xFFFF else f"\\u{code:04x}"
