"""CA: which target may be believed."""

from __future__ import annotations

from connect_contracts.case import Chapter, Story
from connect_contracts.clauses import Level
from connect_contracts.expectation import Raises, Returns
from connect_contracts.scenario import AuthorityFile, Host, Naming
from connect_contracts.story import connect, connect_tls, https, must, story, unsecure
from connect_contracts.wire import KnownAs, NoHttpByte

CHAPTER = Chapter("CA", "which target may be believed")

CA_1 = CHAPTER.clause(
    1,
    "a certificate of a private authority, and that authority's file: connect succeeds",
    "certificate_authority",
    Level.DOCUMENTED,
)
CA_2 = CHAPTER.clause(
    2,
    "the same target without the file: connect raises, and not one HTTP byte reached the target",
    '"Required when"',
    Level.DOCUMENTED,
)
CA_3 = CHAPTER.clause(
    3,
    "the file of another authority, also one of the same name: as CA-2",
    "certificate_authority",
    Level.DOCUMENTED,
)
CA_5 = CHAPTER.clause(
    5,
    "a file with several authorities, in any order, with text between them",
    "RFC 7468 2, 5.2",
    Level.IMPLIED,
)
CA_6 = CHAPTER.clause(
    6,
    "a leaf below an intermediate: accepted when the target sends it, refused when it does not "
    "(no certificate here says where to fetch it)",
    "RFC 5280 6.1, RFC 8446 4.4.2",
    Level.IMPLIED,
)
CA_7 = CHAPTER.clause(
    7,
    "for an https URL, a file that is missing, a directory, below a regular file, in a loop of "
    "links, empty, or no certificate: raises before any request, and never falls back in silence "
    "to the machine's authorities; one good and one damaged certificate: observe",
    "Path to",
    Level.IMPLIED,
)
CA_8 = CHAPTER.clause(8, "a file given together with an http:// URL", "-", Level.OBSERVE)
CA_9 = CHAPTER.clause(
    9,
    "names with spaces and non-ASCII letters, relative paths, symbolic links",
    "Path",
    Level.IMPLIED,
)
CA_10 = CHAPTER.clause(
    10,
    "host name: DNS and IP subject alternative names are honoured; a mismatch, an IP URL with DNS "
    "names alone, an IP written as a DNS name, a right common name beside wrong DNS names: refused",
    "RFC 9110 4.3.4, 4.3.5; RFC 9525 6.3, 6.4",
    Level.IMPLIED,
)
CA_12 = CHAPTER.clause(
    12,
    "expired or not yet valid leaf or intermediate: refused",
    "RFC 5280 6.1.3",
    Level.IMPLIED,
)
CA_14 = CHAPTER.clause(
    14,
    "self-signed leaf, not given as authority: refused",
    '"Required when"',
    Level.DOCUMENTED,
)


def _refused(defect: str, *, intermediates: int = 0, host: Host = "localhost") -> Story:
    return story(
        https(defect=defect, intermediates=intermediates),
        must(connect_tls(host=host), Raises(), NoHttpByte()),
    )


@CHAPTER.case(CA_1)
def authority_given() -> Story:
    """The target's certificate is of a private authority, whose file is given."""
    return story(https(), must(connect_tls(), Returns(), KnownAs("admin")))


@CHAPTER.case(CA_1)
def over_tls_1_2() -> Story:
    """As before; the target speaks TLS 1.2 alone."""
    return story(https(tls="1.2"), must(connect_tls(), Returns(), KnownAs("admin")))


@CHAPTER.case(CA_2)
def without_the_file() -> Story:
    """The target's certificate is of a private authority, and no file is given."""
    return story(
        https(), must(connect_tls(defect="authority file not given"), Raises(), NoHttpByte())
    )


@CHAPTER.case(CA_3)
def another_authority() -> Story:
    """The file given is that of another authority."""
    return story(
        https(), must(connect_tls(defect="file of another authority"), Raises(), NoHttpByte())
    )


@CHAPTER.case(CA_3)
def another_authority_of_the_same_name() -> Story:
    """The file given is that of an authority of the same subject, with another key."""
    defect = "file of another authority of the same name"
    return story(https(), must(connect_tls(defect=defect), Raises(), NoHttpByte()))


def _file(*authorities: str, text_between: bool = False) -> Story:
    given = AuthorityFile(authorities, "text between" if text_between else "plain")
    return story(https(), must(connect_tls(authority_file=given), Returns(), KnownAs("admin")))


@CHAPTER.case(CA_5)
def the_right_one_first() -> Story:
    """The file holds the target's authority, and after it another."""
    return _file("authority", "another authority")


@CHAPTER.case(CA_5)
def the_right_one_last() -> Story:
    """The file holds two other authorities, and after them the target's."""
    return _file("another authority", "a third authority", "authority")


@CHAPTER.case(CA_5)
def text_between() -> Story:
    """The file has text before, between and after its certificates."""
    return _file("another authority", "authority", text_between=True)


@CHAPTER.case(CA_6)
def intermediate_sent() -> Story:
    """The leaf is below an intermediate, which the target sends."""
    return story(https(intermediates=1), must(connect_tls(), Returns(), KnownAs("admin")))


@CHAPTER.case(CA_6)
def intermediate_not_sent() -> Story:
    """The leaf is below an intermediate, which the target does not send."""
    return _refused("intermediate not sent", intermediates=1)


def _file_refused(defect: str) -> Story:
    # The machine trusts the target: whoever falls back to the machine's authorities gets through.
    return story(
        https(),
        must(connect_tls(defect=defect), Raises(), NoHttpByte(after_connecting=False)),
        surroundings=(("SSL_CERT_FILE", "{authority}"),),
    )


@CHAPTER.case(CA_7)
def missing() -> Story:
    """There is no file at the path."""
    return _file_refused("missing file")


@CHAPTER.case(CA_7)
def directory() -> Story:
    """The path is that of a directory."""
    return _file_refused("directory")


@CHAPTER.case(CA_7)
def below_a_file() -> Story:
    """The path goes through a regular file."""
    return _file_refused("below a regular file")


@CHAPTER.case(CA_7)
def loop_of_links() -> Story:
    """The path is a symbolic link to itself."""
    return _file_refused("loop of links")


@CHAPTER.case(CA_7)
def empty() -> Story:
    """The file is empty."""
    return _file_refused("empty file")


@CHAPTER.case(CA_7)
def no_certificate() -> Story:
    """The file holds text, and no certificate."""
    return _file_refused("no certificate in the file")


@CHAPTER.case(CA_7)
def damaged() -> Story:
    """The file holds the first half of the right certificate."""
    return _file_refused("damaged certificate")


@CHAPTER.case(CA_7, level=Level.OBSERVE)
def good_and_damaged() -> Story:
    """The file holds the right certificate, and after it half a certificate."""
    return story(https(), connect_tls(defect="one good certificate and one damaged"))


@CHAPTER.case(CA_8)
def for_plain_http() -> Story:
    """An authority's file is given, and the URL is one of plain HTTP."""
    return story(unsecure(), connect(authority_file=AuthorityFile()))


def _named(naming: Naming) -> Story:
    given = AuthorityFile(naming=naming)
    return story(https(), must(connect_tls(authority_file=given), Returns(), KnownAs("admin")))


@CHAPTER.case(CA_9)
def spaces_and_accents() -> Story:
    """The file's name has spaces and letters beyond ASCII."""
    return _named("spaces and accents")


@CHAPTER.case(CA_9)
def relative_path() -> Story:
    """The path is relative to the working folder."""
    return _named("relative")


@CHAPTER.case(CA_9)
def symbolic_link() -> Story:
    """The path is a symbolic link to the file."""
    return _named("symbolic link")


@CHAPTER.case(CA_10)
def right_dns_name() -> Story:
    """The leaf has the DNS name of the URL, and no IP address."""
    return story(https(names=("localhost",)), must(connect_tls(), Returns(), KnownAs("admin")))


@CHAPTER.case(CA_10)
def right_ip() -> Story:
    """The leaf has the IP address of the URL, and no DNS name."""
    return story(
        https(names=("127.0.0.1",)),
        must(connect_tls(host="127.0.0.1"), Returns(), KnownAs("admin")),
    )


@CHAPTER.case(CA_10)
def wrong_dns_name() -> Story:
    """The leaf has another DNS name than the URL's."""
    return _refused("wrong DNS name")


@CHAPTER.case(CA_10)
def ip_names_alone() -> Story:
    """The URL has a DNS name, and the leaf has IP addresses alone."""
    return _refused("DNS target with IP names alone")


@CHAPTER.case(CA_10)
def wrong_ip() -> Story:
    """The URL has an IP address, and the leaf another one."""
    return _refused("wrong IP", host="127.0.0.1")


@CHAPTER.case(CA_10)
def dns_names_alone() -> Story:
    """The URL has an IP address, and the leaf has DNS names alone."""
    return _refused("IP target with DNS names alone", host="127.0.0.1")


@CHAPTER.case(CA_10)
def ip_as_dns_name() -> Story:
    """The URL has an IP address, and the leaf has it written as a DNS name."""
    return _refused("IP written as a DNS name", host="127.0.0.1")


@CHAPTER.case(CA_10)
def right_common_name() -> Story:
    """The leaf has the URL's host as its common name, and another DNS name."""
    return _refused("right common name beside wrong DNS names")


@CHAPTER.case(CA_12)
def leaf_expired() -> Story:
    """The leaf expired years ago."""
    return _refused("leaf expired")


@CHAPTER.case(CA_12)
def leaf_not_yet_valid() -> Story:
    """The leaf will be valid many years from now."""
    return _refused("leaf not yet valid")


@CHAPTER.case(CA_12)
def intermediate_expired() -> Story:
    """The intermediate expired years ago; leaf and authority are valid."""
    return _refused("intermediate expired", intermediates=1)


@CHAPTER.case(CA_12)
def intermediate_not_yet_valid() -> Story:
    """The intermediate will be valid many years from now; leaf and authority are valid."""
    return _refused("intermediate not yet valid", intermediates=1)


@CHAPTER.case(CA_14)
def self_signed() -> Story:
    """The leaf is signed by itself; the file given is that of an authority."""
    return _refused("self-signed leaf")
