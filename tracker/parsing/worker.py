"""Reading in a process of its own, so that a hostile file can harm nothing but its own reading.

`python -m tracker.parsing.worker` takes one line of JSON (the options) and the bytes of the file
on its standard input, and answers with one JSON object on its standard output.
"""

import contextlib
import json
import logging
import os
import resource
import signal
import subprocess
import sys
from datetime import date
from pathlib import Path

from tracker.parsing.bulletin import parse
from tracker.parsing.reading.legacy import CONVERTER_SECONDS
from tracker.parsing.records import BulletinUnreadable

logger = logging.getLogger(__name__)

_ROOT = Path(__file__).resolve().parents[2]
MEGABYTE = 1024 * 1024
# How long a worker that was told to stop may take to stop its converter.
_GRACE_SECONDS = 3
# The largest file that a converter may write.
_MAX_FILE = 200 * MEGABYTE


def parse_in_worker(
    content: bytes,
    *,
    name: str = "",
    today: date,
    max_bytes: int = 20 * MEGABYTE,
    seconds: int = 60,
    megabytes: int = 1024,
    converter: str = "",
) -> dict:
    """Read one bulletin in a process of its own and return ParsedBulletin.as_json() plus `text`.

    `seconds` bounds its time, and `megabytes` what it may map into memory. A configured converter
    gets its own time on top. Raises BulletinUnreadable, also for what the bounds end (timeout,
    memory) and for an error of ours, which is logged.
    """
    options = {
        "name": name,
        "today": today.isoformat(),
        "max_bytes": max_bytes,
        "seconds": seconds,
        "megabytes": megabytes,
        "converter": converter,
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "tracker.parsing.worker"],
        cwd=_ROOT,
        # Nothing of our environment, which holds secrets.
        env={"PATH": os.defpath, "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    with process:
        try:
            answer, errors = process.communicate(
                json.dumps(options).encode() + b"\n" + content,
                timeout=seconds + (CONVERTER_SECONDS if converter else 0),
            )
        except subprocess.TimeoutExpired as error:
            raise _timeout(seconds) from error
        finally:
            _stop(process)
    if process.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
        raise _timeout(seconds)
    try:
        kind, value = json.loads(answer)
    except ValueError as error:
        # It died without a word, as C code does when memory runs out or a file breaks it.
        logger.error("The reader of %r died with %s: %s", name, process.returncode, errors[-2000:])
        raise _failed() from error
    if kind == "read":
        return value
    if kind == "refused":
        raise BulletinUnreadable(*value)
    logger.error("The reader failed on %r: %s", name, value)
    raise _failed()


def _stop(process: subprocess.Popen) -> None:
    """End the process if it still runs; told first, so that it can stop its converter."""
    if process.poll() is None:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_GRACE_SECONDS)
        process.kill()


def _timeout(seconds: int) -> BulletinUnreadable:
    return BulletinUnreadable(
        "timeout",
        f"读取超过{seconds}秒还没有完成，已停止。请确认选对了文件；"
        "文件过大的，请只留下通报正文或拆成几份，另存后再导入。",
    )


def _failed() -> BulletinUnreadable:
    return BulletinUnreadable(
        "broken",
        "读取这份文件时出错，已停止。请用 Word 或 WPS 打开核对，另存为新的 .docx 后再导入；"
        "仍不行的，请把文件交给管理员。",
    )


# -- in the worker --------------------------------------------------------------------------------


def main() -> None:
    """Read the request on standard input and answer it."""
    options = json.loads(sys.stdin.buffer.readline())
    _limit(options.pop("seconds"), options.pop("megabytes"))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    options["today"] = date.fromisoformat(options["today"])
    try:
        bulletin = parse(sys.stdin.buffer.read(), **options)
        answer = ["read", bulletin.as_json() | {"text": bulletin.text}]
    except BulletinUnreadable as refusal:
        answer = ["refused", [refusal.code, refusal.message]]
    except MemoryError:
        answer = [
            "refused",
            [
                "memory",
                "读取这份文件要用的内存超过上限，已停止。请确认选对了文件；"
                "文件过大的，请去掉图片、只留下通报正文，另存后再导入。",
            ],
        ]
    except Exception as error:
        logger.exception("Reading failed")
        answer = ["failed", f"{type(error).__name__}: {error}"[:500]]
    _lift_memory_limit()
    json.dump(answer, sys.stdout, ensure_ascii=False)


def _limit(seconds: int, megabytes: int) -> None:
    """Bound this process: processor time, memory, files written, no core dumps.

    Only the soft bound of memory is set, because a converter has to raise it again.
    """
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (megabytes * MEGABYTE, hard))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_MAX_FILE, _MAX_FILE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _lift_memory_limit() -> None:
    """Leave room to answer: after a MemoryError there is none."""
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (hard, hard))


if __name__ == "__main__":
    main()
