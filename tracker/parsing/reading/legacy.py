"""Old office files (.doc, .wps, .xls) and encrypted new ones share one container: OLE 2.

They are told apart by the streams they hold, so that the refusal can say what to do. Where an
administrator configured a converter, an old file is turned into .docx or .xlsx first.
"""

import contextlib
import os
import resource
import shlex
import signal
import subprocess
import tempfile
from io import BytesIO
from pathlib import Path

import olefile

from tracker.parsing.records import BulletinUnreadable

CONVERTER_SECONDS = 90
_MAX_CONVERTED = 50 * 1024 * 1024
# The first stream found decides: what the file is called, its suffix, what to save it as.
_KINDS = (
    ("WordDocument", "旧版 Word 或 WPS 文字文件（.doc、.wps）", "doc", ".docx"),
    ("Workbook", "旧版 Excel 或 WPS 表格文件（.xls、.et）", "xls", ".xlsx"),
    ("Book", "旧版 Excel 或 WPS 表格文件（.xls、.et）", "xls", ".xlsx"),
    ("PowerPoint Document", "演示文稿（.ppt、.dps）", "", ""),
)
_ENCRYPTED = ("EncryptedPackage", "EncryptionInfo")


def convert(content: bytes, converter: str) -> bytes:
    """Return the content of an old office file as a new one, made by the command `converter`.

    {in} and {out} in the command stand for the file and for the folder that the result goes to:
    soffice --headless --convert-to docx --outdir {out} {in}. The command runs with a home of its
    own, without our environment, and is killed after a while.
    Raises BulletinUnreadable (encrypted, legacy, broken).
    """
    streams = _streams(content)
    if any(name in streams for name in _ENCRYPTED):
        raise BulletinUnreadable(
            "encrypted",
            "文件加了打开密码，读不出内容。请用密码打开，去掉密码、另存为 .docx 后再导入。",
        )
    kind, suffix, wanted = next(
        ((kind, suffix, wanted) for stream, kind, suffix, wanted in _KINDS if stream in streams),
        ("旧版 Office 文件", "", ".docx"),
    )
    if not suffix or not converter:
        what = f"另存为 {wanted}" if wanted else "把正文复制到 Word 文件，保存为 .docx"
        raise BulletinUnreadable(
            "legacy", f"这是{kind}，不能直接读取。请用 Word 或 WPS 打开，{what} 后再导入。"
        )
    return _converted(content, suffix, converter)


def _streams(content: bytes) -> set[str]:
    try:
        with olefile.OleFileIO(BytesIO(content)) as container:
            return {entry[0] for entry in container.listdir()[:1000]}
    except Exception as error:
        # olefile raises whatever a broken container makes it trip over.
        raise BulletinUnreadable(
            "broken",
            "这是旧版 Office 文件，而且已损坏。请用 Word 或 WPS 打开核对，另存为 .docx 后再导入。",
        ) from error


def _converted(content: bytes, suffix: str, converter: str) -> bytes:
    with tempfile.TemporaryDirectory(prefix="guatu-convert-") as name:
        folder = Path(name)
        source, out = folder / f"bulletin.{suffix}", folder / "out"
        out.mkdir()
        source.write_bytes(content)
        command = [
            word.replace("{in}", str(source)).replace("{out}", str(out))
            for word in shlex.split(converter)
        ]
        try:
            process = subprocess.Popen(
                command,
                cwd=folder,
                env={"HOME": name, "TMPDIR": name, "PATH": os.defpath, "LANG": "C.UTF-8"},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
                preexec_fn=_lift_memory_limit,  # noqa: PLW1509 - the reader has no threads
            )
        except OSError as error:
            raise _not_converted(f"转换命令运行不了（{error.strerror}）") from error
        try:
            process.wait(CONVERTER_SECONDS)
        except subprocess.TimeoutExpired as error:
            raise _not_converted(f"转换超过{CONVERTER_SECONDS}秒没有完成") from error
        finally:
            # An office suite starts children; none may outlive the conversion.
            _kill_group(process)
        made = sorted(path for path in out.iterdir() if path.is_file() and not path.is_symlink())
        if process.returncode or not made or made[0].stat().st_size > _MAX_CONVERTED:
            raise _not_converted("转换没有成功")
        return made[0].read_bytes()


def _lift_memory_limit() -> None:
    """The reader's own bound is far below what an office suite maps at its start."""
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (hard, hard))


def _kill_group(process: subprocess.Popen) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _not_converted(what: str) -> BulletinUnreadable:
    return BulletinUnreadable(
        "legacy", f"旧版 Office 文件{what}。请用 Word 或 WPS 打开，另存为 .docx 后再导入。"
    )
