"""The child of ``fresh``: takes tasks from one pipe, answers on another, on a terminal of its own.

Run as ``python -m connect_contracts.fresh_child TASKS REPLIES``, with the numbers of the pipes.
"""

from __future__ import annotations

import fcntl
import os
import sys
import termios
import threading

import msgspec

from connect_contracts.fresh import Begin, End, Reply, Take, Task
from connect_contracts.implementation import BadImplementation, load
from connect_contracts.stage import Stage


def main(tasks: int, replies: int) -> None:
    """Take tasks until the last one, or until nobody sends any."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    stage: Stage | None = None
    lock = threading.Lock()

    def answer(reply: Reply) -> None:
        line = msgspec.json.encode(reply) + b"\n"
        with lock:
            os.write(replies, line)

    def take(stage: Stage, task: Take) -> None:
        step = task.use or task.arguments
        if step is None:
            answer(Reply(task.number, error="the task has no step"))
            return
        result = stage.take(task.session, step, task.limit)
        answer(Reply(task.number, result, stage.asked))

    decoder = msgspec.json.Decoder(Task)
    with open(tasks, "rb") as lines:
        for line in lines:
            task = decoder.decode(line)
            match task:
                case Begin():
                    try:
                        stage = Stage(load(task.reference), task.data_types)
                        answer(Reply(task.number))
                    except BadImplementation as error:
                        answer(Reply(task.number, error=str(error)))
                case Take() if stage is not None:
                    # A step may hang: the next task must be read all the same.
                    threading.Thread(target=take, args=(stage, task), daemon=True).start()
                case End():
                    if stage is not None:
                        stage.end(task.limit)
                    answer(Reply(task.number))
                    break
    # Threads that hang would keep an ordinary exit waiting.
    os._exit(0)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
