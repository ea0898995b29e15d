"""The worker process, which aligns documents one after the other: `python -m hexapla.batch.worker`.

It reads pickled messages from standard input, first a Setup and then Tasks, and answers each on standard output: the
Setup with None or the reason why it cannot work, a Task with its changes or a failure. It ends when standard input
ends, even in the middle of a document, so that it never outlives the process that started it.
"""

from __future__ import annotations

import os
import pickle
import sys
from queue import SimpleQueue
from threading import Thread
from typing import IO

from hexapla import __version__
from hexapla.alignment.threads import use_one_thread
from hexapla.batch.messages import Failure, FailureKind, Prepared, Setup, Task
from hexapla.batch.work import prepare
from hexapla.errors import EXPECTED, explain
from hexapla.memory.cleaning.rules import Rules
from hexapla_models.encoder import Encoder
from hexapla_models.registry import load_encoder


def main() -> None:
    """Answer messages until there are no more."""
    use_one_thread()
    messages, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # output of libraries must not get between the answers
    waiting: SimpleQueue[Setup | Task] = SimpleQueue()
    Thread(target=_receive, args=(messages, waiting), daemon=True).start()
    setup = waiting.get()
    assert isinstance(setup, Setup)
    encoder = _load(setup)
    if isinstance(encoder, str):
        _answer(answers, encoder)
        return
    _answer(answers, None)
    while True:
        task = waiting.get()
        assert isinstance(task, Task)
        _answer(answers, attempt(task, encoder, setup.rules))


def _load(setup: Setup) -> Encoder | str:
    """Load the encoder of the memory, or return the reason why it cannot be used."""
    if setup.hexapla != __version__:
        return f"its machine has hexapla {__version__}, and the batch uses {setup.hexapla}: install the same release."
    try:
        encoder = load_encoder(setup.model, threads=1)
        if encoder.hash != setup.hash:
            return (
                f"on its machine the encoder {setup.model!r} has the hash {encoder.hash}, and in the memory "
                f"{setup.hash}: install the same encoder."
            )
        return encoder
    except Exception as error:
        return one_line(error)


def _receive(messages: IO[bytes], waiting: SimpleQueue[Setup | Task]) -> None:
    """Receive messages; at their end, end the process, since no answer is wanted any more."""
    while True:
        try:
            waiting.put(pickle.load(messages))
        except (EOFError, pickle.UnpicklingError):
            os._exit(0)


def _answer(answers: IO[bytes], answer: object) -> None:
    try:
        pickle.dump(answer, answers, pickle.HIGHEST_PROTOCOL)
        answers.flush()
    except BrokenPipeError:
        os._exit(0)


def attempt(task: Task, encoder: Encoder, rules: Rules) -> Prepared | Failure:
    """Align a document.

    Args:
        task: the document.
        encoder: encoder of the memory.
        rules: rules of cleaning.

    Returns:
        The changes that it makes, or the failure.
    """
    try:
        return prepare(task, encoder, rules)
    except EXPECTED as error:
        return Failure(FailureKind.INPUT, one_line(error))
    except MemoryError as error:
        return Failure(FailureKind.MEMORY, one_line(error))
    except Exception as error:
        return Failure(FailureKind.FAULT, one_line(error))


def one_line(error: Exception) -> str:
    """Return what is wrong and what to do about it, in one line."""
    return " ".join(explain(error).split())


if __name__ == "__main__":
    main()
