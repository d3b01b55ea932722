"""Forms of an authority's file about which no rule speaks: recorded, without a verdict."""

from __future__ import annotations

from connect_contracts.chapters.ca.chapter import CA_19, CHAPTER, observed
from connect_contracts.chapters.case import Meanings
from connect_contracts.execution.call_defects import CALL_DEFECTS

_MEANINGS = {
    "private key before the certificate": Meanings(
        "a file with a private key in it is taken for one of authorities"
    ),
    "flipped bit in the signature": Meanings(
        "the signature of an authority on its own certificate is not looked at, which is "
        "no part of the path that RFC 5280 section 6.1 judges"
    ),
}

for _defect in CALL_DEFECTS.values():
    if _defect.recipe is None:
        continue
    CHAPTER.add(
        CA_19,
        f"file-{_defect.name.replace(' ', '-').lower()}",
        _defect.description,
        lambda defect=_defect.name: observed(defect=defect),  # type: ignore[misc]
        depth=_defect.depth,
        recipe=_defect.recipe,
        meanings=_MEANINGS.get(_defect.name, Meanings("it is read", "it is not read")),
    )
