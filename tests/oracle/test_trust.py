"""Which chains a call may believe: by authorities, names and defect."""

from __future__ import annotations

import pytest

from connect_contracts.model.scenario import AuthorityFile, Call
from connect_contracts.oracle.trust import MANY, matched, server_believed
from connect_harness.certificates import Chain

LOCALHOST = ("localhost",)


# Names.


@pytest.mark.parametrize(
    ("names", "host", "judged"),
    [
        (("a.test",), "a.test", "believed"),
        (("a.test",), "A.TEST", "believed"),
        (("a.test",), "b.test", "refused"),
        (("*.test",), "a.test", "believed"),
        (("*.test",), "a.b.test", "refused"),
        (("*.b.test",), "a.b.test", "believed"),
        (("f*.test",), "foo.test", "refused"),
        (("a.*.test",), "a.b.test", "refused"),
        (("*.test",), ".test", "refused"),
        (("*.test",), "test", "refused"),
        (("*",), "a", "open"),
        (("*.",), "a.", "open"),
        (("a.test",), "a.test.", "open"),
        (("a_b.test",), "a_b.test", "open"),
        (("a_b.test",), "c.test", "open"),
        (("127.0.0.1",), "127.0.0.1", "believed"),
        (("127.0.0.1",), "127.0.0.2", "refused"),
        (("::1",), "0:0:0:0:0:0:0:1", "believed"),
        (("*.0.0.1",), "127.0.0.1", "refused"),
        (("127.0.0.1",), "localhost", "refused"),
        (tuple(f"n{number}.test" for number in range(MANY)), "a.test", "refused"),
        (tuple(f"n{number}.test" for number in range(MANY + 1)), "n1.test", "open"),
    ],
)
def test_names_of_a_certificate(names: tuple[str, ...], host: str, judged: str) -> None:
    assert matched(Chain(names=names, subject="somebody"), host) == judged


@pytest.mark.parametrize(
    ("names", "subject", "host", "judged"),
    [
        ((), "a.test", "a.test", "open"),
        ((), "A.Test", "a.test", "open"),
        ((), "b.test", "a.test", "refused"),
        (("127.0.0.1",), None, "a.test", "refused"),
        (("127.0.0.1",), "a.test", "a.test", "open"),
        (("b.test",), "a.test", "a.test", "refused"),
        ((), "127.0.0.1", "127.0.0.1", "refused"),
    ],
)
def test_a_name_in_the_common_name_alone(
    names: tuple[str, ...], subject: str | None, host: str, judged: str
) -> None:
    assert matched(Chain(names=names, subject=subject), host) == judged


# Chains, and the authorities that a call is given.


CROSS = Chain(cross_signed_by="old authority")
OTHER = Chain(authority="another authority")


def given(*names: str, defect: str | None = None) -> Call:
    """A call with a file of these authorities."""
    return Call(authority_file=AuthorityFile(names), defect=defect)


RIGHT, WRONG = given("authority"), given("another authority")
AS_TEXT = "str instead of Path"


@pytest.mark.parametrize(
    ("chain", "call", "trusted", "judged"),
    [
        (Chain(), RIGHT, (), "believed"),
        (Chain(), Call(), (), "refused"),
        (Chain(purpose="client"), RIGHT, (), "refused"),
        (Chain(key="rsa-4096"), RIGHT, (), "open"),
        (Chain(purpose="client", key="rsa-4096"), RIGHT, (), "refused"),
        # A chain leads to its authority, or to who signed that one across.
        (CROSS, RIGHT, (), "believed"),
        (CROSS, given("old authority"), (), "believed"),
        (CROSS, WRONG, (), "refused"),
        (CROSS, given("another authority", "old authority"), (), "believed"),
        (CROSS, given("the leaf"), (), "open"),
        (CROSS, given("the intermediate"), (), "open"),
        # Where the file does not lead there, the store makes it open.
        (CROSS, WRONG, ("authority",), "open"),
        (CROSS, WRONG, ("old authority",), "open"),
        (CROSS, WRONG, ("a third authority",), "refused"),
        # A file without any certificate does not add to the store.
        (CROSS, Call(defect="empty file"), ("authority",), "refused"),
        (CROSS, Call(defect="empty file"), (), "refused"),
        # A file without the authority is no reason to believe.
        (Chain(), given("authority", defect="leaf of another chain"), (), "refused"),
        (Chain(), given("authority", defect="file of another authority"), (), "refused"),
        # A right authority that is given as text is the one of the file.
        (OTHER, given("another authority", defect=AS_TEXT), (), "believed"),
        (Chain(), given("another authority", defect=AS_TEXT), (), "refused"),
        (Chain(), Call(defect=AS_TEXT), (), "refused"),
    ],
)
def test_whether_a_chain_is_believed(
    chain: Chain, call: Call, trusted: tuple[str, ...], judged: str
) -> None:
    assert server_believed(chain, call, trusted) == judged


# Names beside a defect.

EXPIRED, EXTENDED = "leaf expired", "unknown extension of the leaf, not critical"
AGREEMENT_ALONE = "leaf for key agreement alone"


@pytest.mark.parametrize(
    ("defect", "host", "names", "expected"),
    [
        # A defect of another kind leaves the names as they are.
        *((EXPIRED, host, LOCALHOST, "refused") for host in ("localhost", "127.0.0.1")),
        (EXTENDED, "localhost", LOCALHOST, "believed"),
        (EXTENDED, "127.0.0.1", LOCALHOST, "refused"),
        (AGREEMENT_ALONE, "localhost", LOCALHOST, "open"),
        (AGREEMENT_ALONE, "127.0.0.1", LOCALHOST, "refused"),
        # How a name with a dot at its end compares is nobody's rule.
        (EXPIRED, "localhost.", LOCALHOST, "refused"),
        (EXTENDED, "localhost.", LOCALHOST, "open"),
        # A wrong name of the host's own kind.
        ("wrong DNS name", "localhost", Chain().names, "refused"),
        ("wrong IP", "::1", Chain().names, "refused"),
        # Of the other kind, whose names stay as they are.
        ("wrong DNS name", "127.0.0.1", Chain().names, "believed"),
        ("wrong IP", "localhost", Chain().names, "believed"),
        ("common name beside IP names", "127.0.0.1", ("localhost", "127.0.0.1"), "open"),
        ("no subject, names not critical", "127.0.0.1", Chain().names, "open"),
        ("name with a trailing dot", "127.0.0.1", LOCALHOST, "open"),
        # Of the other kind, and there was none.
        ("wrong DNS name", "127.0.0.1", ("localhost", "::1"), "refused"),
        ("IP address in the common name alone", "localhost", ("127.0.0.1",), "refused"),
        ("no name at all", "127.0.0.1", LOCALHOST, "refused"),
        # An odd name that must be taken is still no other name.
        ("name in capitals", "localhost", LOCALHOST, "believed"),
        ("name in capitals", "127.0.0.1", LOCALHOST, "refused"),
        ("name in capitals", "other.test", LOCALHOST, "refused"),
        # One that may be taken may match more than it says.
        *(("wildcard alone", host, LOCALHOST, "open") for host in ("localhost", "other")),
    ],
)
def test_names_beside_a_defect(
    defect: str, host: str, names: tuple[str, ...], expected: str
) -> None:
    chain = Chain(names=names, defect=defect)
    call = Call(host=host, authority_file=AuthorityFile())
    assert server_believed(chain, call) == expected
