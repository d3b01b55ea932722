"""CA: targets that are believed without reason, or in spite of one."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from connect_contracts.selftest.reference_copy import ReferenceCopy, change_contexts, verify_nothing
from connect_contracts.selftest.registry import broken

_NO_CHECK_TIME = 0x200000  # X509_V_FLAG_NO_CHECK_TIME, which ssl has no name for
_REFUSALS = (
    *("CA-3", "CA-6[intermediate-not-sent]", "CA-12", "CA-14"),
    *("CA-10[wrong-dns-name]", "CA-10[ip-names-alone]", "CA-10[wrong-ip]"),
    *("CA-10[dns-names-alone]", "CA-10[ip-as-dns-name]", "CA-10[right-common-name]"),
)


@broken(
    fails=("CA-2", *_REFUSALS),
    because="a file that serves nothing is not even read, and a client certificate is shown to all",
)
def verifies_nothing(reference: ReferenceCopy) -> None:
    """No certificate is verified."""
    empty_context = reference["_trust.empty_context"]
    reference["_trust.trusting"] = lambda _file: verify_nothing(empty_context())


@broken(
    fails=(
        *("CA-1", "CA-5", "CA-6[intermediate-sent]", "CA-9"),
        *("CA-10[right-dns-name]", "CA-10[right-ip]"),
    ),
    because="a target over TLS is believed only where the machine trusts it, as in CA-7: else no "
    "refusal has a twin which succeeds",
)
def ignores_certificate_authority(reference: ReferenceCopy) -> None:
    """Whatever file is given, the authorities that the machine trusts are asked."""
    trusting = reference["_trust.trusting"]
    reference["_trust.trusting"] = lambda _file: trusting(None)


@broken(
    fails=("CA-1[over-tls-1-2]",),
    because="its target speaks TLS 1.2 alone, and refuses the version before anything else",
)
def speaks_tls_1_3_alone(reference: ReferenceCopy) -> None:
    """TLS 1.2 is not spoken."""
    newest = ssl.TLSVersion.TLSv1_3
    change_contexts(reference, lambda context, _: setattr(context, "minimum_version", newest))


@broken(
    fails=("CA-2",), because="where a file is left out, every other reason to refuse goes with it"
)
def believes_anyone_without_a_file(reference: ReferenceCopy) -> None:
    """Without an authority's file, no certificate is verified."""

    def lenient(context: ssl.SSLContext, certificate_authority: Path | None) -> None:
        if certificate_authority is None:
            verify_nothing(context)

    change_contexts(reference, lenient)


def _learning_leaves(reference: ReferenceCopy, when: Callable[[Any, ssl.SSLContext], bool]) -> None:
    """Have the leaf that a target shows believed ``when`` it looks right, as if given."""
    from cryptography import x509

    class Learning(ssl.SSLContext):
        def wrap_socket(self, sock: Any, *given: Any, **named: Any) -> Any:
            with suppress(ssl.SSLError):  # of a target that insists on a client certificate
                pem = ssl.get_server_certificate(sock.getpeername()[:2])
                if when(x509.load_pem_x509_certificate(pem.encode()), self):
                    self.load_verify_locations(cadata=pem)
                    self.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
            return super().wrap_socket(sock, *given, **named)

    reference["_trust.empty_context"] = lambda: Learning(ssl.PROTOCOL_TLS_CLIENT)


@broken(fails=("CA-3",), because="nothing above the leaf is looked at")
def trusts_at_first_sight(reference: ReferenceCopy) -> None:
    """The leaf that a target shows is taken for one that was given."""
    _learning_leaves(reference, lambda _leaf, _context: True)


@broken(
    fails=("CA-3[another-authority-of-the-same-name]",),
    because="an impostor of the same name is believed on every connection",
)
def trusts_an_authority_by_its_name(reference: ReferenceCopy) -> None:
    """A leaf is believed if its issuer has the name of the authority that was given."""

    def namesake(leaf: Any, context: ssl.SSLContext) -> bool:
        issuer = {attribute.value for attribute in leaf.issuer}
        authorities: list[Any] = context.get_ca_certs()
        given = [authority["subject"] for authority in authorities]
        return issuer in [{value for ((_, value),) in subject} for subject in given]

    _learning_leaves(reference, namesake)


@broken(fails=("CA-14",))
def trusts_the_self_signed(reference: ReferenceCopy) -> None:
    """A leaf that is signed by itself is believed."""
    _learning_leaves(reference, lambda leaf, _context: leaf.issuer == leaf.subject)


def _reading_files(reference: ReferenceCopy, read: Callable[[Path], str]) -> None:
    """Have an authority's file that is fit to be used read otherwise."""
    empty_context = reference["_trust.empty_context"]

    @reference.around("_trust.trusting")
    def reading(trusting: Any, certificate_authority: Path | None) -> Any:
        context = trusting(certificate_authority)
        if certificate_authority is None:
            return context
        context = empty_context()
        context.load_verify_locations(cadata=read(certificate_authority))
        return context


@broken(
    fails=("CA-5[the-right-one-last]", "CA-5[text-between]"),
    because="a longer file is one of another authority",
)
def reads_the_first_authority_alone(reference: ReferenceCopy) -> None:
    """Of a file with several authorities, the first is read."""
    end = "-----END CERTIFICATE-----"
    _reading_files(reference, lambda path: path.read_text().partition(end)[0] + end)


def _refuse_leaves_unless(
    reference: ReferenceCopy, believed: Callable[[Any, ssl.SSLContext, str], bool]
) -> None:
    """Have a handshake fail after all if the leaf is not ``believed``, for the context and host."""

    class Choosing(ssl.SSLContext):
        def wrap_socket(self, *given: Any, **named: Any) -> Any:
            wrapped = super().wrap_socket(*given, **named)
            if not believed(wrapped.getpeercert(), self, named["server_hostname"]):
                wrapped.close()
                raise ssl.SSLError("this leaf is not believed")
            return wrapped

    reference["_trust.empty_context"] = lambda: Choosing(ssl.PROTOCOL_TLS_CLIENT)


@broken(
    fails=("CA-6[intermediate-sent]",),
    because="no chain with an intermediate is believed, that of the twin neither",
)
def believes_no_intermediate(reference: ReferenceCopy) -> None:
    """A leaf must be signed by an authority of the file itself."""

    def direct(leaf: Any, context: ssl.SSLContext, _host: str) -> bool:
        authorities: list[Any] = context.get_ca_certs()
        return leaf["issuer"] in [authority["subject"] for authority in authorities]

    _refuse_leaves_unless(reference, direct)


@broken(fails=("CA-7",))
def falls_back_to_the_machines_authorities(reference: ReferenceCopy) -> None:
    """Where the authority's file cannot be used, the machine's authorities are asked."""

    @reference.around("_trust.trusting")
    def falling_back(trusting: Any, certificate_authority: Path | None) -> Any:
        try:
            return trusting(certificate_authority)
        except OSError:
            return trusting(None)


@broken(fails=("CA-9[symbolic-link]",))
def refuses_links(reference: ReferenceCopy) -> None:
    """A symbolic link is not followed."""

    def plain(path: Path) -> str:
        if path.is_symlink():
            raise ValueError("this is no plain file")
        return path.read_text()

    _reading_files(reference, plain)


@broken(fails=("CA-9[spaces-and-accents]",))
def knows_ascii_alone(reference: ReferenceCopy) -> None:
    """The path of the file is handed on in ASCII."""
    _reading_files(reference, lambda path: Path(str(path).encode("ascii").decode()).read_text())


@broken(fails=("CA-9[relative-path]",))
def looks_beside_itself(reference: ReferenceCopy) -> None:
    """A relative path is looked for beside the implementation's own files."""
    folder = Path(__file__).parent
    _reading_files(
        reference, lambda path: (path if path.is_absolute() else folder / path.name).read_text()
    )


@broken(
    fails=(
        *("CA-10[wrong-dns-name]", "CA-10[ip-names-alone]", "CA-10[wrong-ip]"),
        *("CA-10[dns-names-alone]", "CA-10[ip-as-dns-name]", "CA-10[right-common-name]"),
    ),
    because="wildcards and impostors are judged by names too",
)
def ignores_host_names(reference: ReferenceCopy) -> None:
    """A certificate of the right authority is believed, whomever it names."""
    change_contexts(reference, lambda context, _: setattr(context, "check_hostname", False))


@broken(fails=("CA-10[right-ip]",), because="no address is believed, that of the twin neither")
def knows_no_addresses(reference: ReferenceCopy) -> None:
    """Of what a certificate names, addresses are not looked at."""

    def by_dns_name(leaf: Any, _context: ssl.SSLContext, host: str) -> bool:
        return ("DNS", host) in leaf["subjectAltName"]

    _refuse_leaves_unless(reference, by_dns_name)


@broken(fails=("CA-10[one-of-several-names]", "CA-10[dns-names-alone]"))
def honours_the_first_name_alone(reference: ReferenceCopy) -> None:
    """A certificate that has the host among its names is refused, unless it is the first."""

    def is_first(leaf: Any, _context: ssl.SSLContext, host: str) -> bool:
        return host not in [name for _, name in leaf["subjectAltName"][1:]]

    _refuse_leaves_unless(reference, is_first)


@broken(fails=("CA-12",), because="a leaf that expired is believed the second time as well")
def ignores_dates(reference: ReferenceCopy) -> None:
    """Neither leaf nor intermediate expires, or has yet to become valid."""

    def timeless(context: ssl.SSLContext, _: Path | None) -> None:
        context.verify_flags = ssl.VerifyFlags(context.verify_flags | _NO_CHECK_TIME)

    change_contexts(reference, timeless)


@broken(
    fails=("CA-11[one-label]",), because="a constraint that a wildcard has to keep is never reached"
)
def knows_no_wildcards(reference: ReferenceCopy) -> None:
    """A wildcard stands for nothing."""

    def literal(leaf: Any, _context: ssl.SSLContext, _host: str) -> bool:
        return not any("*" in name for _, name in leaf["subjectAltName"])

    _refuse_leaves_unless(reference, literal)
