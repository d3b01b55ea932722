"""What differs from run to run is taken out, and nothing else."""

from __future__ import annotations

import pytest

from connect_contracts.model.observation import Observation, TargetSeen
from connect_contracts.model.scenario import Connect, Scenario, TargetSpec
from connect_contracts.upgrades.steps import LONGEST_TEXT, LONGEST_VALUE, Normaliser
from connect_harness.redaction import Secret
from connect_harness.server import ConnectionAccepted, ListenerStarted
from connect_harness.temporary import temporary_folder

OBSERVATION = Observation(
    Scenario((TargetSpec(),), (Connect(),)),
    events=(
        ListenerStarted(port=43211, gateway_port=43212),
        ConnectionAccepted(service="http", port=43211, client=("127.0.0.1", 43214)),
    ),
    targets=(TargetSeen("target", "http://localhost:43211", 43211, ""),),
    secrets=(Secret("token-0123456789abcdef", "a token"),),
    silent_ports=(43213,),
)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("http://localhost:43211/x", "http://localhost:<port>/x"),
        ("[Errno 111] ('127.0.0.1', 43211)", "[Errno 111] ('127.0.0.1', <port>)"),
        ("port=43212 is the gateway's", "port=<port> is the gateway's"),
        ("https://[::1]:50000/", "https://[::1]:<port>/"),
        ("No '/tmp/connect-contract-abcd1234.tmp/files-3/a.pem'", "No '<folder>/a.pem'"),
        ("'../../tmp/connect-contract-abcd1234.tmp/home/x'", "'<folder>/x'"),
        ("wrong version number (_ssl.c:2580)", "wrong version number (_ssl.c)"),
        ("<Thing object at 0x7f00aabbccdd>", "<Thing object at <address>>"),
        ("in /usr/lib/thing/run.py:12", "in run.py<line>"),
        ("took 1.25 s", "took <duration> s"),
        ("at 2026-02-03T04:05:06.789Z", "at <time>"),
        ("nobody at 43213, asked from 43214", "nobody at <port>, asked from <port>"),
        ("Pool(host='localhost', port=50000)", "Pool(host='localhost', port=<port>)"),
        ("Connect call failed ('127.0.0.1', 50000)", "Connect call failed ('127.0.0.1', <port>)"),
        ("failed ('::1', 50000, 0, 0)", "failed ('::1', <port>, 0, 0)"),
        ("localhost:103667 is too high", "localhost:<port> is too high"),
        ("<Task-17>, started 139712345678912", "<Task-<number>>, started <number>"),
        ("Thread-3 with pid 4711", "Thread-<number> with pid <number>"),
        ("<socket fd=17>", "<socket fd=<number>>"),
        ("'/tmp/connect-contract-abcd1234.tmp/tmp/tmp_ab12cd3/x'", "'<folder>/<temporary>/x'"),
        ("until Sun, 29 Nov 2026 11:40:01 GMT.", "until <time>."),
        ("since Nov  9 11:40:01 2026 GMT.", "since <time>."),
        ("it took 12 ms, 1.5e-05 seconds", "it took <duration> ms, <duration> seconds"),
        ("id 123e4567-e89b-12d3-a456-426614174000", "id <uuid>"),
        ("it was token-0123456789abcdef.", "it was **REDACTED**."),
        ("first\nsecond", "first"),
        ("200 rows of 12:30", "200 rows of 12:30"),
    ],
)
def test_a_message(said: str, kept: str) -> None:
    assert Normaliser(OBSERVATION).message(said) == kept


def test_a_value_keeps_what_is_no_address() -> None:
    rows = [[1, 2.5, None, "2026-02-03T04:05:06"], ["0xabcdef", "pid 12", "port 12"]]
    value = {"rows": rows, "url": "http://localhost:43211", "x": "<X at 0x7f00aabbccdd>"}
    kept = {"rows": rows, "url": "http://localhost:<port>", "x": "<X at <address>>"}
    assert Normaliser(OBSERVATION).value(value) == kept


def test_a_long_message_is_cut_and_a_long_value_is_known_by_its_hash() -> None:
    normalised = Normaliser(OBSERVATION)
    assert len(normalised.message("long " * 1000)) == LONGEST_TEXT + 3
    long, longer = (normalised.value("x" * LONGEST_VALUE + end) for end in ("", "y"))
    assert long["begins"] == longer["begins"]
    assert long["long"] != longer["long"]


def test_a_folder_of_a_run_is_taken_out_whole() -> None:
    with temporary_folder() as folder:
        text = f"No such file: '{folder}/authorities-3/missing.pem'"
    assert Normaliser(OBSERVATION).text(text) == "No such file: '<folder>/missing.pem'"
