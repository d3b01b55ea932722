"""The names of alerts: held against what OpenSSL receives and sends."""

from __future__ import annotations

import datetime
import ssl

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from connect_harness.certificates import PresentedChain
from connect_harness.server import failures as alerts
from connect_harness.server.tls import server_context

TODAY = datetime.datetime.now(datetime.UTC)
YEAR = datetime.timedelta(days=365)

# OpenSSL takes these as warnings, or as the end of the stream.
NOT_FATAL = {"close_notify", "user_canceled"}


def pair(server, client):
    """Both sides of a handshake that begins."""
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    return (
        server.wrap_bio(to_server, to_client, server_side=True),
        client.wrap_bio(to_client, to_server, server_hostname="localhost"),
        to_server,
        to_client,
    )


def go_on(side):
    """Take the handshake, and one read after it, as far as they go; the error that ends it."""
    try:
        side.do_handshake()
        side.read(1)
    except ssl.SSLWantReadError:
        return None
    except ssl.SSLError as error:
        return error
    return None


@pytest.mark.parametrize("number", sorted(set(alerts.NAMES) - {0, 90}))
def test_every_alert_received_has_its_name(certificates, number):
    server, client, to_server, _ = pair(certificates.server("1.2"), certificates.client())
    go_on(client)
    go_on(server)

    to_server.write(bytes([21, 3, 3, 0, 2, 2, number]))

    assert alerts.received(go_on(server)) == alerts.NAMES[number]


def test_an_alert_in_the_clear():
    assert alerts.in_the_clear(b"before" + bytes([21, 3, 3, 0, 2, 2, 48])) == "unknown_ca"
    assert alerts.in_the_clear(bytes([21, 3, 3, 0, 2, 2, 200])) == "alert 200"
    assert alerts.in_the_clear(bytes([23, 3, 3, 0, 2, 2, 48])) is None
    assert alerts.in_the_clear(b"") is None


def certificate(
    name="leaf",
    *,
    issuer=None,
    issuer_key=None,
    is_authority=False,
    path_length=None,
    not_before=TODAY - YEAR,
    not_after=TODAY + YEAR,
    purpose=ExtendedKeyUsageOID.CLIENT_AUTH,
    unknown_extension=False,
):
    """A certificate and its key; signed by itself without an issuer."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(not_before)
        .not_valid_after(not_after)
        .add_extension(x509.BasicConstraints(is_authority, path_length), critical=True)
    )
    if not is_authority:
        builder = builder.add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
    if unknown_extension:
        odd = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00")
        builder = builder.add_extension(odd, critical=True)
    return builder.sign(issuer_key or key, hashes.SHA256()), key


ROOT, ROOT_KEY = certificate("root", is_authority=True)
NARROW, NARROW_KEY = certificate(
    "narrow", issuer=ROOT, issuer_key=ROOT_KEY, is_authority=True, path_length=0
)
BELOW, BELOW_KEY = certificate("below", issuer=NARROW, issuer_key=NARROW_KEY, is_authority=True)
NO_AUTHORITY, NO_AUTHORITY_KEY = certificate("no authority", issuer=ROOT, issuer_key=ROOT_KEY)
OTHER_ROOT, OTHER_KEY = certificate("other", is_authority=True)


def by_root(**special):
    return (*certificate(issuer=ROOT, issuer_key=ROOT_KEY, **special), [])


def by(issuer, issuer_key, *sent):
    return (*certificate(issuer=issuer, issuer_key=issuer_key), list(sent))


REFUSED = {
    "signed by another key": (7, by(ROOT, OTHER_KEY)),
    "not yet valid": (9, by_root(not_before=TODAY + YEAR, not_after=TODAY + 2 * YEAR)),
    "expired": (10, by_root(not_before=TODAY - 2 * YEAR, not_after=TODAY - YEAR)),
    "signed by itself": (18, (*certificate(), [])),
    "an unknown root, sent": (19, by(OTHER_ROOT, OTHER_KEY, OTHER_ROOT)),
    "an unknown root": (20, by(OTHER_ROOT, OTHER_KEY)),
    "too long a path": (25, by(BELOW, BELOW_KEY, BELOW, NARROW)),
    "for servers alone": (26, by_root(purpose=ExtendedKeyUsageOID.SERVER_AUTH)),
    "an unknown critical extension": (34, by_root(unknown_extension=True)),
    "issued by no authority": (79, by(NO_AUTHORITY, NO_AUTHORITY_KEY, NO_AUTHORITY)),
}


def pem(*chain):
    return b"".join(one.public_bytes(serialization.Encoding.PEM) for one in chain)


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
@pytest.mark.parametrize("what", REFUSED)
def test_the_alert_sent_is_the_one_the_client_receives(certificates, tmp_path, what, version):
    code, (leaf, key, sent) = REFUSED[what]
    server = server_context(
        PresentedChain(
            certificates.leaf.cert_chain_pems[0].bytes(),
            certificates.leaf.private_key_pem.bytes(),
            ROOT,
        ),
        client_certificate="required",
        trusted_pem=pem(ROOT),
        minimum_version=version,
        maximum_version=version,
    )
    client = certificates.client()
    presented = tmp_path / "client.pem"
    presented.write_bytes(
        pem(leaf, *sent)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    client.load_cert_chain(presented)
    target, user, _, to_client = pair(server, client)

    refusal = None
    while refusal is None:
        go_on(user)
        refusal = go_on(target)
    clear = alerts.in_the_clear(to_client.read())

    assert isinstance(refusal, ssl.SSLCertVerificationError)
    assert refusal.verify_code == code
    if version is ssl.TLSVersion.TLSv1_2:
        assert clear == alerts.for_verify_code(code)


def test_unknown_codes_have_the_alert_that_says_nothing():
    assert alerts.for_verify_code(9999) == "certificate_unknown"
