"""Which chains a call may believe: by authorities, names and defect."""

from __future__ import annotations

import pytest

from connect_contracts.model.scenario import AuthorityFile, Call
from connect_contracts.oracle.trust import MANY, is_address, matched, server_believed
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


@pytest.mark.parametrize(
    ("text", "address"),
    [("127.0.0.1", True), ("::1", True), ("localhost", False), ("1.2.3", False), ("", False)],
)
def test_what_is_an_address(text: str, address: bool) -> None:
    assert is_address(text) == address


# Chains.


@pytest.mark.parametrize(
    ("chain", "given", "judged"),
    [
        (Chain(), AuthorityFile(), "believed"),
        (Chain(), None, "refused"),
        (Chain(purpose="client"), AuthorityFile(), "refused"),
        (Chain(key="rsa-4096"), AuthorityFile(), "open"),
        (Chain(purpose="client", key="rsa-4096"), AuthorityFile(), "refused"),
    ],
)
def test_whether_a_chain_is_believed(
    chain: Chain, given: AuthorityFile | None, judged: str
) -> None:
    assert server_believed(chain, Call(authority_file=given)) == judged


# Authorities.


@pytest.mark.parametrize(
    ("given", "judged"),
    [
        (("authority",), "believed"),
        (("old authority",), "believed"),
        (("another authority",), "refused"),
        (("another authority", "old authority"), "believed"),
        (("the leaf",), "open"),
        (("the intermediate",), "open"),
    ],
)
def test_a_chain_leads_to_its_authority_or_to_who_signed_that_across(
    given: tuple[str, ...], judged: str
) -> None:
    chain = Chain(cross_signed_by="old authority")
    assert server_believed(chain, Call(authority_file=AuthorityFile(given))) == judged


@pytest.mark.parametrize(
    ("trusted", "judged"),
    [
        (("authority",), "open"),
        (("old authority",), "open"),
        (("a third authority",), "refused"),
        ((), "refused"),
    ],
)
def test_of_a_file_that_does_not_lead_there_the_store_makes_it_open(
    trusted: tuple[str, ...], judged: str
) -> None:
    chain = Chain(cross_signed_by="old authority")
    given = AuthorityFile(("another authority",))
    assert server_believed(chain, Call(authority_file=given), trusted) == judged
    # A file without any certificate does not add to the store.
    assert server_believed(chain, Call(defect="empty file"), trusted) == "refused"


@pytest.mark.parametrize("defect", ["leaf of another chain", "file of another authority"])
def test_a_file_without_the_authority_is_no_reason_to_believe(defect: str) -> None:
    assert server_believed(Chain(), Call(authority_file=AuthorityFile(), defect=defect)) == (
        "refused"
    )


def test_a_right_authority_given_as_text_is_the_one_of_the_file() -> None:
    other = AuthorityFile(("another authority",))
    call = Call(authority_file=other, defect="str instead of Path")
    assert server_believed(Chain(authority="another authority"), call) == "believed"
    assert server_believed(Chain(), call) == "refused"
    assert server_believed(Chain(), Call(defect=call.defect)) == "refused"


# Names beside a defect.


def judged(defect: str, host: str, *names: str) -> str:
    chain = Chain(names=names or Chain().names, defect=defect)
    return server_believed(chain, Call(host=host, authority_file=AuthorityFile()))


@pytest.mark.parametrize(
    ("defect", "expected"),
    [
        ("leaf expired", "refused"),
        ("unknown extension of the leaf, not critical", "believed"),
        ("leaf for key agreement alone", "open"),
    ],
)
def test_a_defect_of_another_kind_leaves_the_names_as_they_are(defect: str, expected: str) -> None:
    assert judged(defect, "localhost", "localhost") == expected
    assert judged(defect, "127.0.0.1", "localhost") == "refused"


@pytest.mark.parametrize(
    ("defect", "expected"),
    [("leaf expired", "refused"), ("unknown extension of the leaf, not critical", "open")],
)
def test_what_is_refused_is_so_however_the_host_is_written(defect: str, expected: str) -> None:
    # How a name with a dot at its end compares is nobody's rule.
    assert judged(defect, "localhost.", "localhost") == expected


@pytest.mark.parametrize(
    ("defect", "host", "names", "expected"),
    [
        # Of the host's own kind.
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
    ],
)
def test_a_wrong_name_is_one_for_hosts_of_its_kind(
    defect: str, host: str, names: tuple[str, ...], expected: str
) -> None:
    assert judged(defect, host, *names) == expected


@pytest.mark.parametrize(
    ("host", "expected"),
    [("localhost", "believed"), ("127.0.0.1", "refused"), ("other.test", "refused")],
)
def test_an_odd_name_that_must_be_taken_is_still_no_other_name(host: str, expected: str) -> None:
    assert judged("name in capitals", host, "localhost") == expected


def test_an_odd_name_that_may_be_taken_may_match_more_than_it_says() -> None:
    assert judged("wildcard alone", "localhost", "localhost") == "open"
    assert judged("wildcard alone", "other", "localhost") == "open"
