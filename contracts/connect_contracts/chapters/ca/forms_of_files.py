"""Forms of an authority's file about which no rule speaks: recorded, without a verdict."""

from __future__ import annotations

from connect_contracts.chapters.ca.chapter import CA_19, CHAPTER, observed
from connect_contracts.chapters.case import Meanings
from connect_contracts.execution.call_defects import CALL_DEFECTS
from connect_contracts.model.clause import Depth

FORMS = {
    "certificate as DER": "cafile/der",
    "bundle of PKCS 7": "cafile/pkcs7",
    "UTF-16": "cafile/utf16",
    "byte order mark": "cafile/bom",
    "indented lines": "cafile/leading-space",
    "base64 in one line": "cafile/one-line",
    "label of a trusted certificate": "cafile/trusted-cert",
    "label X509 CERTIFICATE": "cafile/x509-label",
    "private key before the certificate": "cafile/key-and-cert",
    "flipped bit in the signature": "cafile/flipped-byte",
    "str instead of Path": "cafile/str",
}
"""Defects of a call by which the right authority is given in another form, with their recipes."""

_MEANINGS = {
    "private key before the certificate": Meanings(
        "a file with a private key in it is taken for one of authorities"
    ),
    "flipped bit in the signature": Meanings(
        "the signature of an authority on its own certificate is not looked at, which is "
        "no part of the path that RFC 5280 section 6.1 judges"
    ),
}

for _defect, _recipe in FORMS.items():
    CHAPTER.add(
        CA_19,
        f"file-{_defect.replace(' ', '-').lower()}",
        CALL_DEFECTS[_defect].description,
        lambda defect=_defect: observed(defect=defect),  # type: ignore[misc]
        depth=Depth.DEFAULT if _defect == "str instead of Path" else Depth.FULL,
        recipe=_recipe,
        meanings=_MEANINGS.get(_defect, Meanings("it is read", "it is not read")),
    )
