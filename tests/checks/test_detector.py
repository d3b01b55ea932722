"""Planted secrets are found in each of their forms, and what only looks like one is not."""

from __future__ import annotations

import base64
import html
import json
import logging
from collections.abc import Callable
from urllib.parse import quote, quote_plus

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from connect_contracts.checks.secrets.redaction import Redaction
from connect_contracts.execution.call.resources import of_private_number
from connect_contracts.model.observation import Observation
from connect_contracts.model.scenario import Scenario
from connect_harness.redaction import REDACTED, Secret
from connect_harness.redaction.detector import SHORTEST, Detector, _forms

PLAIN = "passwd-0f3a9c5e7712bd48"
HARD = """a "secret"/of <the> 'administrator' + 50% \\ more"""
BEYOND_ASCII = "Ærøskøbing—パス"
SECRETS = [PLAIN, HARD, BEYOND_ASCII]

Form = Callable[[str], str | bytes]


@pytest.fixture(autouse=True)
def nothing_is_kept() -> None:
    """A mutant runs in a fork, which would know the forms that the code before it gave."""
    _forms.cache_clear()


FORMS: dict[str, Form] = {
    "plain": lambda it: f"wrong password {it}!",
    "bytes": lambda it: b"\x00\xff" + it.encode() + b"\x00",
    "latin-1 bytes": lambda it: it.encode("utf-8" if it == BEYOND_ASCII else "latin-1"),
    "repr": lambda it: f"Authentication(password={it!r})",
    "ascii": lambda it: f"Authentication(password={it!a})",
    "repr of bytes": lambda it: f"sent {it.encode()!r}",
    "JSON": lambda it: json.dumps({"password": it}),
    "JSON beyond ASCII": lambda it: json.dumps({"password": it}, ensure_ascii=False),
    "HTML": lambda it: f"<b>{html.escape(it)}</b>",
    "percent": lambda it: f"/login?password={quote(it)}&x=1",
    "percent, slashes too": lambda it: f"/login?password={quote(it, safe='')}&x=1",
    "quotes of a shell": lambda it: it.replace("\\", "\\\\").replace("'", "\\'"),
    "JSON in JSON": lambda it: json.dumps(json.dumps({"password": it})),
    "a form, percent throughout": lambda it: "".join(
        "+" if byte == 32 else f"%{byte:02x}" for byte in it.encode()
    ),
    "a form": lambda it: f"user=admin&password={quote_plus(it)}",
    "HTML, numeric references": lambda it: "".join(f"&#{ord(each)};" for each in it),
    "HTML, hexadecimal references": lambda it: "".join(f"&#x{ord(each):X};" for each in it),
    "percent throughout": lambda it: "".join(f"%{byte:02x}" for byte in it.encode()),
    "percent twice": lambda it: f"/?next={quote(quote(it, safe=''), safe='')}",
    "base64": lambda it: base64.b64encode(it.encode()).decode(),
    "base64 after one byte": lambda it: base64.b64encode(b":" + it.encode()).decode(),
    "base64 after two bytes": lambda it: base64.b64encode(b"a:" + it.encode()).decode(),
    "base64 before others": lambda it: base64.b64encode(it.encode() + b"/x").decode(),
    "base64url": lambda it: base64.urlsafe_b64encode(b"??>" + it.encode()).decode(),
    "base64url after two bytes": lambda it: base64.urlsafe_b64encode(b"?>" + it.encode()).decode(),
    "folded base64": lambda it: base64.encodebytes(b"x" * 50 + it.encode()).decode(),
    "repr of folded base64": lambda it: repr(base64.encodebytes(b"x" * 50 + it.encode())),
    "base64 that is quoted": lambda it: quote(base64.b64encode(it.encode()).decode(), safe=""),
    "Basic": lambda it: "Basic " + base64.b64encode(f"admin:{it}".encode()).decode(),
    "hex": lambda it: it.encode().hex(),
    "HEX": lambda it: it.encode().hex().upper(),
    "hex with colons": lambda it: it.encode().hex(":").upper(),
    "UTF-16": lambda it: it.encode("utf-16"),
    "UTF-16, big end first": lambda it: it.encode("utf-16-be"),
    "repr of UTF-16": lambda it: repr(it.encode("utf-16-le")),
    "base64 of UTF-16": lambda it: base64.b64encode(it.encode("utf-16-le")).decode(),
    "Basic, in UTF-16": lambda it: base64.b64encode(it.encode()).decode().encode("utf-16"),
    "beside a lone surrogate": lambda it: f"\udcff\ud800 {it}",
    "read in the wrong encoding": lambda it: it.encode().decode("latin-1"),
    "base32": lambda it: base64.b32encode(f"x{it}yz".encode()).decode(),
    "base85": lambda it: base64.b85encode(f"x{it}yz".encode()).decode(),
    "Ascii85": lambda it: base64.a85encode(f"xy{it}yz".encode()).decode(),
    "numbers": lambda it: f"sent {list(it.encode())} there",
    "twice": lambda it: f"{it.encode().hex()} and {base64.b64encode(it.encode()).decode()}",
}


def detector(*values: str) -> Detector:
    return Detector(Secret(value, "a password", "target") for value in values)


@pytest.mark.parametrize("value", SECRETS)
@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_each_form_is_found_and_taken_out_of_a_report(value: str, form: Form) -> None:
    said = form(value)
    (found,) = detector("another-secret-e1d2", value).find(said)
    assert found.value == value
    redacted = Redaction(Observation(Scenario((), ()), secrets=(found,)))
    text = said if isinstance(said, str) else said.decode("utf-8", "surrogateescape")
    shown = redacted(f"before it: {text} :after it")
    assert detector(value).find(shown) == []
    assert REDACTED in shown
    assert shown.startswith("before it: ")
    assert shown.endswith(" :after it")


@pytest.mark.parametrize("surrogate", [0xD800, 0xDCFF])
@pytest.mark.parametrize(
    "form",
    [
        *(FORMS[name] for name in ("plain", "repr", "HTML, numeric references")),
        lambda it: f"\udcfe\ud801 {it}",
        lambda it: base64.b64encode(it.encode("utf-8", "surrogatepass")).decode(),
        lambda it: it.encode("utf-8", "surrogatepass").hex(),
        lambda it: it.encode("utf-16-le", "surrogatepass").hex(),
    ],
)
def test_a_secret_with_a_lone_surrogate_is_taken_out(
    surrogate: int, form: Callable[[str], str]
) -> None:
    value = f"planted{chr(surrogate)}secret-4711"
    (found,) = detector(value).find(form(value))
    shown = Redaction(Observation(Scenario((), ()), secrets=(found,)))(form(value))
    assert detector(value).find(shown) == []
    assert REDACTED in shown


@pytest.mark.parametrize("value", ["**REDACTED**", "REDACTED", "D****RED", "x**REDACTED**"])
def test_a_secret_like_the_word_in_its_place_ends(value: str) -> None:
    redacted = Redaction(Observation(Scenario((), ()), secrets=(Secret(value, "a password"),)))
    assert REDACTED in redacted(f"x{value} {value.encode().hex()} {REDACTED}{REDACTED}")


NEAR: dict[str, Form] = {
    "another last character": lambda it: f"{it[:-1]}_",
    "another first character": lambda it: f"_{it[1:]}",
    "cut short": lambda it: it[:-1],
    "its first half": lambda it: it[: len(it) // 2],
    "reversed": lambda it: it[::-1],
    "in capitals": lambda it: it.swapcase(),
    "base64 of another": lambda it: base64.b64encode(f"admin:{it[:-2]}__".encode()).decode(),
    "base64 in another case": lambda it: base64.b64encode(it.encode()).decode().swapcase(),
    "hex of another": lambda it: it[:-1].encode().hex() + "00",
    "nothing": lambda _: "",
    "the documentation's word": lambda _: "password passwd admin:passwd",
}


@pytest.mark.parametrize("value", SECRETS)
@pytest.mark.parametrize("form", NEAR.values(), ids=NEAR)
def test_what_comes_near_is_not_found(value: str, form: Form) -> None:
    assert detector(value).find(form(value)) == []


def test_a_secret_with_half_a_pair_is_found() -> None:
    value = "half \ud800 of a pair/here"
    assert all(detector(value).find(form(value)) for form in (repr, ascii, json.dumps))


def test_where_a_secret_stands() -> None:
    assert detector(PLAIN).where(f"ab {PLAIN} cd") == (3, 3 + len(PLAIN))
    assert detector(PLAIN).where("ab") is None


def test_a_short_secret_is_not_looked_for() -> None:
    short, long = "x" * (SHORTEST - 1), "y" * SHORTEST
    assert detector(short, long).find(short) == []
    assert [found.value for found in detector(short, long).find(f"{short}{long}")] == [long]
    assert not detector(short)
    assert detector(long)


def test_every_secret_is_found_once() -> None:
    found = detector(PLAIN, HARD, PLAIN).find(f"{HARD} {PLAIN} {PLAIN}")
    assert [secret.value for secret in found] == [PLAIN, HARD]


def test_a_line_of_a_private_key() -> None:
    line = "MHcCAQEEIKx0p4T/+Zrj0vXyZ3q6m3B7oJ2c1VqkPQ8y6w1n5u9toAoGCCqGSM49"
    looking = Detector([Secret(line, "a private key")])
    assert looking.find(f"-----BEGIN EC PRIVATE KEY-----\n{line}\n")
    assert looking.find(json.dumps(f"-----BEGIN EC PRIVATE KEY-----\n{line}\n"))
    assert looking.find(quote(line, safe=""))
    assert looking.find(line.swapcase()) == []


@pytest.mark.parametrize(
    "form",
    [
        lambda text: "".join(f"\\u{byte:04x}" for byte in text.encode()),
        lambda text: "".join(f"\\{byte:03o}" for byte in text.encode()),
        lambda text: "".join(f"\\x{byte:02x}" for byte in text.encode()),
        lambda text: repr(list(text.encode())),
    ],
)
def test_less_usual_forms(form: Callable[[str], str]) -> None:
    assert detector(PLAIN).find(form(PLAIN))
    assert detector(PLAIN).find(form("passwd-1f4b0d6f8823ce59")) == []


ENCODINGS = [base64.b64encode, base64.b32encode, base64.b85encode, base64.a85encode]


@pytest.mark.parametrize("before", range(5))
@pytest.mark.parametrize("encode", ENCODINGS)
def test_an_encoding_of_what_ends_otherwise(encode: Callable[[bytes], bytes], before: int) -> None:
    looking = detector(PLAIN)
    assert looking.find(encode(b"x" * before + PLAIN.encode() + b"yzyz"))
    for other in (f"{PLAIN[:17]}_{PLAIN[18:]}", f"{PLAIN[:-4]}____"):
        assert looking.find(encode(b"x" * before + other.encode() + b"yzyz")) == []


@pytest.mark.parametrize(
    ("encode", "before"),
    # Elsewhere the letter shares a character with its neighbour, and is left out.
    [
        *((encode, 0) for encode in ENCODINGS),
        (ENCODINGS[0], 2),
        (ENCODINGS[1], 1),
        (ENCODINGS[1], 3),
    ],
)
def test_an_encoding_of_what_begins_otherwise(
    encode: Callable[[bytes], bytes], before: int
) -> None:
    other = f"P{PLAIN[1:]}"
    assert detector(PLAIN).find(encode(b"x" * before + other.encode() + b"yzyz")) == []


FOLDED = base64.encodebytes(b"x" * 50 + b"passwd-]]]]]]]]]]-0f3a")
HALF = "passwd-\ud800-0f3a9c5e"
IN_LATIN_1 = "Ærøskøbing-0f3a"


@pytest.mark.parametrize(
    ("secret", "said"),
    [
        ("0f3a9c5e", base64.b85encode(b"0f3a9c5e")),
        # There is an X in the folded text.
        ("passwd-]]]]]]]]]]-0f3a", FOLDED),
        ("passwd-]]]]]]]]]]-0f3a", repr(FOLDED)),
        ("pass\nword-\"0f3a\"-'9c5e'\t\r.", "\\x70ass\\nword-\\\"0f3a\\\"-\\'9c5e\\'\\t\\r."),
        (IN_LATIN_1, IN_LATIN_1.encode("latin-1").decode("utf-8", "surrogateescape")),
        (HALF, repr(HALF)),
        (HALF, json.dumps(HALF)),
    ],
    ids=["shortest", "folded", "repr", "escapes", "latin-1", "half-a-pair", "half-in-json"],
)
def test_a_secret_and_what_is_said_of_it(secret: str, said: str | bytes) -> None:
    assert len(secret) >= SHORTEST
    assert detector(secret).find(said)


def test_numbers_that_are_no_bytes() -> None:
    assert detector(PLAIN).find("8, 16, 32, 64, 128, 256, 512, 999, 257") == []
    assert detector(PLAIN).find(f"999, {', '.join(map(str, PLAIN.encode()))}, 256")


def test_the_number_of_a_key_stands_in_every_form_of_the_key() -> None:
    for key in (ec.generate_private_key(ec.SECP256R1()), rsa.generate_private_key(65537, 1024)):
        (number,) = of_private_number(
            key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        )
        looking = Detector([number])
        for form in (PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL):
            der = key.private_bytes(Encoding.DER, form, NoEncryption())
            pem = key.private_bytes(Encoding.PEM, form, NoEncryption())
            for shown in (der, repr(der), der.hex(), der.hex().upper(), pem):
                assert looking.find(shown)
        public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        assert looking.find(public) == []


def test_fewer_secrets_are_looked_for_on_request() -> None:
    fewer = detector(PLAIN, HARD).only(lambda secret: secret.value == HARD)
    assert fewer.find(f"{PLAIN} {HARD}") == [Secret(HARD, "a password", "target")]


def test_a_secret_shows_nothing_of_itself() -> None:
    secret = Secret(PLAIN, "a password", "target")
    logged = logging.makeLogRecord({"msg": "%s %r", "args": (secret, [secret])}).getMessage()
    assert detector(PLAIN).find(logged) == []
    assert "a password" in logged
