"""The gateway held against Java's own of the jar of ``py4j``: the same lines, the same replies."""

from __future__ import annotations

import re
import shutil
import socket
from collections.abc import Iterator
from typing import Any

import pytest

from connect_harness.protocols.py4j import Gateway
from connect_harness.protocols.routing import Target
from connect_harness.server import Journal
from connect_harness.server.listener import Listener

Place = tuple[int, str]
"""The port of a gateway, and the token that it takes."""


@pytest.fixture(scope="module")
def java() -> Iterator[Place]:
    """Java's gateway, which ends with its standard input."""
    py4j: Any = pytest.importorskip("py4j.java_gateway")
    if shutil.which("java") is None:
        pytest.skip("not testable: there is no Java; install a JRE so that `java` is on PATH")
    port, token, process = py4j.launch_gateway(
        port=0, die_on_exit=True, enable_auth=True, return_proc=True
    )
    yield port, token.decode()
    process.stdin.close()
    process.stdout.close()
    process.wait()


@pytest.fixture
def ours(target: Target) -> Iterator[Place]:
    gateway = Gateway(
        target,
        may_change=lambda user: user == "admin",
        read_file=lambda path: [],
        shut_down=lambda user: None,
    )
    with Listener("target", Journal(), gateway) as listener:
        yield listener.port, gateway.issue_token("admin")


def replies(place: Place, commands: str) -> list[str]:
    """The replies to the commands of one connection, which authenticates itself by ``A TOKEN``.

    Parameters:
        commands: One on each line; ``$0`` is the first object of the replies, ``$1`` the second.
    """
    port, token = place
    objects: list[str] = []
    found: list[str] = []
    with (
        socket.create_connection(("127.0.0.1", port), timeout=60) as connection,
        connection.makefile("rb") as answers,
    ):
        for command in commands.strip().splitlines():
            text = re.sub(r"\$(\d+)", lambda ref: objects[int(ref[1])], command.strip())
            lines = text.replace("TOKEN", token).split(" ")
            end = [] if lines[0] in ("A", "zzz") else ["e"]
            try:
                connection.sendall("".join(f"{line}\n" for line in lines + end).encode())
                reply = answers.readline().decode().removesuffix("\n")
            except ConnectionError:
                reply = ""
            found.append(comparable(reply, objects))
    return found


def comparable(reply: str, objects: list[str]) -> str:
    """A reply without what differs from one run to another, and without Java's stack trace."""
    identity = re.fullmatch(r"!..(o\d+)", reply)
    if identity:
        objects.append(identity[1])
        return reply.replace(identity[1], f"${len(objects) - 1}")
    # After a fatal error the connection closes; its text is that of a parser of Java.
    if reply.startswith("!z"):
        return "!z"
    text = reply.partition("\\n\tat ")[0].removesuffix("\\n")
    return re.sub(r":o\d+$", ":id", text.replace("!xspy4j.Py4JException: ", "!xs"))


ARRAYS = "A TOKEN\na c sjava.lang.String i2\n"
LIST = "A TOKEN\ni java.util.ArrayList\n"
MAP = "A TOKEN\ni java.util.LinkedHashMap\nc $0 put sz i1\nc $0 put sa n\n"
SET = "A TOKEN\ni java.util.LinkedHashSet\nc $0 add sz\nc $0 add sa\nc $0 add sz\n"

SAME = {
    "no token": "i java.util.ArrayList",
    "wrong token": "A wrong\ni java.util.ArrayList",
    "right token, twice": "A TOKEN\nA TOKEN\ni java.util.ArrayList",
    "token, then a wrong one": "A TOKEN\nA wrong\ni java.util.ArrayList",
    "strings": LIST + "c $0 add sa\\nb\\\\\\r\nc $0 get i0\nc $0 add s\nc $0 get i1\nc $0 add sé€\n"
    "c $0 get i2\nc $0 toString",
    "numbers": LIST
    + "".join(
        f"c $0 add {value}\nc $0 get i{index}\n"
        for index, value in enumerate(
            (
                "i1",
                "i-2147483648",
                "L5000000000",
                "D1.10",
                "d1.5",
                "d-0.0",
                "dNaN",
                "d-Infinity",
                "jAP8=",
            )
        )
    ),
    "null and booleans": LIST + "c $0 add n\nc $0 get i0\nc $0 add bTrue\nc $0 add bfalse\n"
    "c $0 get i1\nc $0 get i2\nc $0 toString",
    "text of numbers": LIST + "c $0 add i1\nc $0 add d1.5\nc $0 add D1.10\nc $0 toString",
    "list": LIST + "c $0 isEmpty\nc $0 toString\nc $0 add i7\nc $0 contains i7\nc $0 contains i8\n"
    "c $0 size\nc $0 remove i0\nc $0 size\nc $0 clear\nc $0 isEmpty",
    "list of a list": LIST + "c $0 add i7\ni java.util.LinkedList r$0\nc $1 size\nc $0 add r$1\n"
    "c $0 toString",
    "outside a list": LIST + "c $0 get i9\np r$1\nc $0 get i-1\np r$2\nc $0 remove i0\np r$3",
    "iterator": LIST + "c $0 add i7\nc $0 iterator\nc $1 hasNext\nc $1 next\nc $1 hasNext\n"
    "c $1 next\np r$2",
    "map": MAP + "c $0 put sz i3\nc $0 get sz\nc $0 get sa\nc $0 get sno\nc $0 containsKey sa\n"
    "c $0 containsKey sno\nc $0 size\nc $0 toString\nc $0 remove sz\nc $0 remove sz\nc $0 clear\n"
    "c $0 isEmpty",
    "keys and values of a map": MAP + "c $0 keySet\nc $1 toString\nc $1 iterator\nc $2 next\n"
    "c $2 next\nc $2 hasNext\nc $0 values\nc $3 size\nc $3 toString",
    "set": SET + "c $0 toString\nc $0 size\nc $0 contains sz\nc $0 contains sno\nc $0 iterator\n"
    "c $1 next\nc $1 next\nc $0 remove sz\nc $0 remove sz\nc $0 toString\nc $0 clear\nc $0 isEmpty",
    "array": ARRAYS + "a e $0\na s $0 i0 sx\na g $0 i0\na g $0 i1",
    "outside an array": ARRAYS + "a g $0 i2",
    "outside an array, set": ARRAYS + "a s $0 i2 sx",
    "before an array": ARRAYS + "a g $0 i-1",
    "unknown object": "A TOKEN\nc o9999 size\nm d o9999",
    "unknown method": LIST + "c $0 nope",
    "unknown method, arguments": LIST + "c $0 nope i1 sx n",
    "wrong number of arguments": LIST + "c $0 size i1",
    "wrong type of argument": LIST + "c $0 get sx",
    "unknown class": "A TOKEN\ni nope",
    "names": "A TOKEN\nr u java rj\nr u java.util.ArrayList rj",
    "no such field": LIST + "f g $0 x",
    "released": LIST + "m d $0\nc $0 size\nm d $0",
    "unknown command of memory": LIST + "m zz $0",
    "unknown command": "A TOKEN\nzzz\nzzz",
    "no such type": LIST + "c $0 add q1\nc $0 size",
    "no number": LIST + "c $0 add ix\nc $0 size",
    "no floating point number": LIST + "c $0 add dx\nc $0 size",
    "no type": LIST + "c $0 add \nc $0 size",
}


@pytest.mark.parametrize("commands", SAME.values(), ids=list(SAME))
def test_the_gateways_answer_the_same(java: Place, ours: Place, commands: str) -> None:
    assert replies(ours, commands) == replies(java, commands)


DIFFERENT = {
    "a set or map that Java sorts, or orders by hashes, keeps the order of its elements": (
        "A TOKEN\ni java.util.TreeSet\nc $0 add sz\nc $0 add sa\nc $0 toString",
        "!ys[a, z]",
        "!ys[z, a]",
    ),
    "an integer has one type in Python": (LIST + "c $0 add L5\nc $0 get i0", "!yL5", "!yi5"),
    "Java passes null for an object that is gone; ours tells the client its mistake": (
        LIST + "c $0 add ro999999",
        "!ybtrue",
        "!xsTarget Object ID does not exist for this gateway :id",
    ),
    "Java ignores what is not Base64": (LIST + "c $0 add j!", "!ybtrue", "!z"),
    "any class may be one of the session's": (
        "A TOKEN\ni java.util.Nope",
        "!xsjava.lang.ClassNotFoundException: java.util.Nope",
        "!yr$0",
    ),
    "any class may have any member": ("A TOKEN\nr m java.util.ArrayList nope rj", "!x", "!ym"),
    "a static method is not carried out, only kept": (
        "A TOKEN\nc z:java.lang.String valueOf i5",
        "!ys5",
        "!yr$0",
    ),
    "Java's gateway meets a null of its own; ours says what is gone": (
        "A TOKEN\np ro999999",
        "!z",
        "!xsTarget Object ID does not exist for this gateway :id",
    ),
    "collections have the methods that releases call": (
        MAP + "c $0 entrySet",
        "!yh$1",
        "!xsMethod entrySet([]) does not exist",
    ),
    "no release sends commands for lists": (
        LIST + "l r $0",
        "!yv",
        "!xsCommand 'l' is not served by this target session",
    ),
}


@pytest.mark.parametrize(
    ("commands", "of_java", "of_ours"), DIFFERENT.values(), ids=list(DIFFERENT)
)
def test_the_gateways_differ_where_there_is_a_reason(
    java: Place, ours: Place, commands: str, of_java: str, of_ours: str
) -> None:
    assert (replies(java, commands)[-1], replies(ours, commands)[-1]) == (of_java, of_ours)
