"""CA: which authorities are believed, those of the file and the machine's own, and which names."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from connect_contracts.chapters.builder import connect_tls, https, must, story
from connect_contracts.chapters.ca.chapter import (
    CA_1,
    CA_2,
    CA_3,
    CA_4,
    CA_5,
    CA_6,
    CA_10,
    CA_11,
    CA_12,
    CA_19,
    CHAPTER,
    believed,
    observed,
    refused,
)
from connect_contracts.chapters.case import Meanings, Story, row
from connect_contracts.checks.expectation import Raises, Returns
from connect_contracts.checks.wire_checks import KnownAs, NoHttpByte
from connect_contracts.model.allowed import AUTHORITY_FILES
from connect_contracts.model.clause import Depth
from connect_contracts.model.scenario import AuthorityFile, FileLayout, Host


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


CHAPTER.add(
    CA_19,
    "file-beside-the-machines-authorities",
    "The file given is that of another authority, and the implementation's own store trusts the "
    "target's.",
    lambda: story(
        https(),
        connect_tls(defect="file of another authority"),
        trusted=("authority",),
        isolation="process",
    ),
    recipe="cafile/adds-to-system",
    meanings=Meanings(
        "the file adds to the authorities that the implementation trusts by itself",
        "the file replaces the authorities that the implementation trusts by itself",
    ),
)


DNS = "RFC 9525 6.3"
ADDRESS = "RFC 9525 6.4"


def _named(name: str, host: Host) -> Story:
    return believed(https(names=(name,)), host)


@CHAPTER.case(CA_10, rule=DNS)
def right_dns_name() -> Story:
    """The leaf has the DNS name of the URL, and no IP address."""
    return _named("localhost", "localhost")


@CHAPTER.case(CA_10, rule=DNS)
def one_of_several_names() -> Story:
    """The leaf has several names, and the last of them is that of the URL."""
    return believed(https(names=("other.test", "127.0.0.1", "localhost")))


@CHAPTER.case(CA_10, recipe="ok/ip", rule=ADDRESS)
def right_ip() -> Story:
    """The leaf has the IP address of the URL, and no DNS name."""
    return _named("127.0.0.1", "127.0.0.1")


@CHAPTER.case(CA_10, recipe="name/ipv6", rule=ADDRESS)
def right_ipv6() -> Story:
    """The leaf has the IPv6 address of the URL, and no DNS name."""
    return _named("::1", "::1")


@CHAPTER.case(CA_10, recipe="name/ipv6-long", rule=ADDRESS, depth=Depth.FULL)
def right_ipv6_written_long() -> Story:
    """The leaf has the IPv6 address of the URL, which writes it with all its zeros."""
    return _named("::1", "0:0:0:0:0:0:0:1")


@CHAPTER.case(CA_10, recipe="name/idna-alabel", rule=DNS)
def a_label() -> Story:
    """The leaf has an international name as A-label, and so has the URL."""
    return _named("xn--bcher-kva.test", "xn--bcher-kva.test")


@CHAPTER.case(CA_11, recipe="name/wildcard", rule=DNS)
def one_label() -> Story:
    """The leaf's wildcard stands for the first label of the URL's host."""
    return _named("*.example.test", "a.example.test")


@CHAPTER.case(CA_11, recipe="name/wildcard-alabel", rule=DNS, depth=Depth.FULL)
def one_a_label() -> Story:
    """The leaf's wildcard stands for a first label that is an A-label."""
    return _named("*.example.test", "xn--bcher-kva.example.test")


def _either_way(name: str, host: Host) -> Story:
    return observed(https(names=(name,)), host)


@CHAPTER.case(CA_19, recipe="name/idna-ulabel")
def u_label() -> Story:
    """The leaf has an international name as A-label, and the URL has it as U-label."""
    return _either_way("xn--bcher-kva.test", "bücher.test")


@CHAPTER.case(CA_19, recipe="name/idna-2008-sharp-s", depth=Depth.FULL)
def sharp_s() -> Story:
    """The URL's host has a sharp s, and the leaf the A-label that IDNA 2008 makes of it."""
    return _either_way("xn--strae-oqa.test", "straße.test")


@CHAPTER.case(CA_19, recipe="name/underscore", depth=Depth.FULL)
def underscore() -> Story:
    """Leaf and URL have a name with an underscore, which no host name may have."""
    return _either_way("a_b.example.test", "a_b.example.test")


@CHAPTER.case(CA_19, recipe="name/trailing-dot")
def trailing_dot_in_the_url() -> Story:
    """The URL's host ends in a dot, and the leaf has it without."""
    return _either_way("localhost", "localhost.")


@CHAPTER.case(CA_1, recipe="ok/trustme", rule="page: certificate_authority", depth=Depth.CORE)
def authority_given() -> Story:
    """The target's certificate is of a private authority, whose file is given."""
    return believed()


@CHAPTER.case(CA_1, recipe="proto/tls12-only", rule="RFC 8446 4.2.1")
def over_tls_1_2() -> Story:
    """As before; the target speaks TLS 1.2 alone."""
    return believed(https(tls="1.2"))


@CHAPTER.case(CA_1, recipe="ok/rsa", rule="RFC 8446 9.1", depth=Depth.FULL)
def rsa_leaf() -> Story:
    """The leaf has an RSA key of 2048 bits."""
    return believed(https(key="rsa-2048"))


def _beside_another_bundle(variable: str) -> Story:
    return story(
        https(),
        must(connect_tls(), Returns(), KnownAs("admin")),
        surroundings=((variable, "{stranger}"),),
    )


CHAPTER.table(
    CA_1,
    _beside_another_bundle,
    *(
        row(
            f"beside-{variable.lower().replace('_', '-')}",
            f"The variable {variable} names a file with another authority.",
            variable,
        )
        for variable in AUTHORITY_FILES
    ),
)


@CHAPTER.case(CA_2, recipe="trust/no-ca-given", rule='page: "Required when"', depth=Depth.CORE)
def without_the_file() -> Story:
    """The target's certificate is of a private authority, and no file is given."""
    return refused(defect="authority file not given")


@CHAPTER.case(CA_2, recipe="trust/no-ca-root-sent", rule='page: "Required when"', depth=Depth.FULL)
def without_the_file_the_authority_sent() -> Story:
    """As before; the target also sends its authority's certificate, which must not be trusted."""
    return refused(
        https(defect="authority sent too", intermediates=1), defect="authority file not given"
    )


@CHAPTER.case(CA_3, recipe="trust/wrong-ca", rule="page: certificate_authority", depth=Depth.CORE)
def another_authority() -> Story:
    """The file given is that of another authority."""
    return refused(defect="file of another authority")


@CHAPTER.case(CA_3, rule="RFC 5280 6.1.3 (a)(1)")
def another_authority_of_the_same_name() -> Story:
    """The file given is that of an authority of the same subject, with another key."""
    return refused(defect="file of another authority of the same name")


@CHAPTER.case(CA_3, recipe="cafile/leaf-only", rule="page: certificate_authority")
def leaf_of_another_chain() -> Story:
    """The file given holds no authority: another leaf of the same one."""
    return refused(defect="leaf of another chain")


def _file(authorities: tuple[str, ...], layout: FileLayout = "plain") -> Story:
    return believed(authority_file=AuthorityFile(authorities, layout))


@CHAPTER.case(CA_5)
def the_right_one_first() -> Story:
    """The file holds the target's authority, and after it another."""
    return _file(("authority", "another authority"))


@CHAPTER.case(CA_5)
def the_right_one_last() -> Story:
    """The file holds two other authorities, and after them the target's."""
    return _file(("another authority", "a third authority", "authority"))


@CHAPTER.case(CA_5, recipe="cafile/comments", rule="RFC 7468 5.2")
def text_between() -> Story:
    """The file has text before, between and after its certificates."""
    return _file(("another authority", "authority"), "text between")


@CHAPTER.case(CA_5, recipe="trust/both-same-name-cas", rule="RFC 5280 6.1", depth=Depth.FULL)
def both_of_the_same_name() -> Story:
    """The file holds two authorities of one subject with different keys, the target's last."""
    return _file(("authority#2", "authority"))


@CHAPTER.case(CA_5, recipe="cafile/duplicate", rule="RFC 7468 2")
def the_same_one_twice() -> Story:
    """The file holds the target's authority twice."""
    return _file(("authority",), "twice")


@CHAPTER.case(CA_5, recipe="cafile/crlf", rule="RFC 7468 3")
def line_ends_of_two_bytes() -> Story:
    """The lines of the file end in CR and LF."""
    return _file(("authority",), "CRLF")


@CHAPTER.case(CA_6, recipe="ok/trustme-intermediate", rule="RFC 5280 6.1")
def intermediate_sent() -> Story:
    """The leaf is below an intermediate, which the target sends."""
    return believed(https(intermediates=1))


@CHAPTER.case(
    CA_6, recipe="trust/two-intermediates", rule="RFC 5280 6.1, RFC 8446 4.4.2", depth=Depth.FULL
)
def two_intermediates_sent() -> Story:
    """The leaf is below two intermediates, which the target sends."""
    return believed(https(intermediates=2))


@CHAPTER.case(
    CA_6, recipe="trust/four-intermediates", rule="RFC 5280 6.1, RFC 8446 4.4.2", depth=Depth.FULL
)
def four_intermediates_sent() -> Story:
    """The leaf is below four intermediates, which the target sends."""
    return believed(https(intermediates=4))


@CHAPTER.case(CA_6, recipe="trust/cross-signed-ok", rule="RFC 5280 6.1", depth=Depth.FULL)
def cross_signed() -> Story:
    """The file holds an old authority, which signed the target's; that certificate is sent."""
    return believed(
        https(cross_signed_by="old authority"), authority_file=AuthorityFile(("old authority",))
    )


_ANCHOR = Meanings(
    "what the file holds is believed, although it is no authority that signs itself",
    "only an authority that signs itself is believed",
)


def _given_alone(name: str, intermediates: int) -> Story:
    return observed(https(intermediates=intermediates), authority_file=AuthorityFile((name,)))


CHAPTER.add(
    CA_19,
    "leaf-given-alone",
    "The file holds the target's own leaf alone.",
    lambda: _given_alone("the leaf", 0),
    recipe="trust/leaf-pinned",
    meanings=_ANCHOR,
)
CHAPTER.add(
    CA_19,
    "intermediate-given-alone",
    "The file holds the intermediate that issued the target's leaf, and no authority.",
    lambda: _given_alone("the intermediate", 1),
    recipe="trust/intermediate-only",
    meanings=_ANCHOR,
)


for _key, _recipe, _depth in (
    ("ed25519", "key/ed25519", Depth.FULL),
    ("ec-p384", "key/p384", Depth.FULL),
    ("rsa-4096", "key/rsa4096", Depth.SLOW),
):
    CHAPTER.add(
        CA_19,
        f"key-of-{_key}",
        f"The leaf has a key of {_key}, which no client has to know.",
        partial(observed, https(key=_key)),
        depth=_depth,
        recipe=_recipe,
        meanings=Meanings("such keys are known", "such keys are not known"),
    )


# Two defects at once: the client must refuse; it may name either.


@CHAPTER.case(
    CA_12, recipe="time/expired-and-untrusted", rule="RFC 5280 6.1.3 (a)", depth=Depth.FULL
)
def expired_and_untrusted() -> Story:
    """The leaf expired, and the file is that of another authority."""
    return refused(https(defect="leaf expired"), defect="file of another authority")


@CHAPTER.case(
    CA_12, recipe="time/expired-and-wrong-host", rule="RFC 5280 6.1.3 (a)", depth=Depth.FULL
)
def expired_and_for_another_host() -> Story:
    """The leaf expired, and has another name than the URL's."""
    target = https(names=("other.test",), defect="leaf expired")
    return replace(refused(target), twin=believed().scenario)
