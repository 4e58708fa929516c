"""How fast bulletins are read, how time grows with length, and how much memory it takes.

    python -m benchmarks.reading

Every text is invented and generated. Times are of the processor, the best of three readings;
memory is the peak that Python allocated while reading, over the bytes of the file.
"""

import gc
import tracemalloc
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from time import process_time

from tracker.parsing import BulletinUnreadable, parse

MEGABYTE = 1_000_000
TODAY = date(2026, 11, 22)
_HEAD = (
    "临川县粮食储备局关于巡察整改进展情况的通报\n"
    "根据县委统一部署，2025年3月3日至4月18日，县委第一巡察组对县粮食储备局进行了巡察。"
    "2025年6月10日，县委第一巡察组反馈了巡察意见。现将整改进展情况予以公布：\n"
    "一、巡察反馈问题整改情况\n"
)
_PROBLEM = (
    "{n}.关于第{n}号仓库出入库登记不完整的问题\n"
    "一是组织保管员逐笔核对近三年的出入库单据，对照实物重新登记，把缺少签字的单据退回补办，"
    "并由仓储股每周抽查一次登记质量，发现问题当场纠正。二是修订《粮食出入库登记办法》，"
    "明确登记的时间、内容和责任，对漏登错登的按规定扣减当月考核分值，情节较重的约谈所在仓库负责人。"
    "三是补录历史单据，共需补录{total}份，已补录{done}份，剩余{left}份预计2026年3月底前完成补录。"
    "目前各仓库登记情况明显好转，职工按章办事的意识有所增强，后续将结合季度检查继续跟踪。\n"
)


def bulletin(size: int) -> str:
    """A bulletin as they are written, with as many problems as fill `size` bytes."""
    parts, length, n = [_HEAD], len(_HEAD.encode()), 0
    while length < size:
        if n % 20 == 0:
            parts.append(f"（{'一二三四五六七八九十'[n // 20 % 10]}）仓储管理方面\n")
        n += 1
        parts.append(_PROBLEM.format(n=n % 900 + 1, total=120 + n, done=100 + n, left=20))
        length += len(parts[-1].encode())
    return "".join(parts)


def one_line(size: int) -> str:
    """A single problem in a single line, below its title."""
    sentence = (
        "一是加强值守，由各站站长每晚带班，已完成12处；"
        "二是2025年6月底前印发《值守办法》，把交接班和记录的要求写进去，"
    )
    return "关于巡察整改情况的通报\n一、关于值守的问题" + sentence * (
        size // len(sentence.encode())
    )


def many_headings(size: int) -> str:
    """Headings and nothing else: 50,000 of them in 1.6 MB."""
    line = "1. 关于值守不到位的问题\n"
    return "一、反馈问题整改情况\n" + line * (size // len(line.encode()))


def unbalanced_quotes(size: int) -> str:
    """Marks that open and never close."""
    mark = "逐日“登记（值守《办法，"
    return "一、反馈问题整改情况\n1. 关于值守的问题\n" + mark * (size // len(mark.encode()))


CASES: tuple[tuple[str, Callable[[int], str], int], ...] = (
    ("long bulletin", bulletin, 2 * MEGABYTE),
    ("one line", one_line, MEGABYTE),
    ("50,000 headings", many_headings, 1_700_000),
    ("unbalanced quotes", unbalanced_quotes, MEGABYTE),
)


def read(content: bytes) -> None:
    """Read a text; too many headings are refused, which is part of what is measured."""
    with suppress(BulletinUnreadable):
        parse(content, today=TODAY)


def seconds(content: bytes) -> float:
    """Return the processor time of one reading, the best of three."""
    times = []
    for _ in range(3):
        gc.collect()
        begun = process_time()
        read(content)
        times.append(process_time() - begun)
    return min(times)


def memory(content: bytes) -> int:
    """Return the most bytes that were allocated at any one time."""
    tracemalloc.start()
    try:
        read(content)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def main() -> None:
    """Print the table."""
    read(bulletin(20_000).encode())
    print(f"{'text':<18} {'MB':>5} {'seconds':>8} {'MB/s':>6} {'10x text':>9} {'memory':>7}")
    for name, make, size in CASES:
        whole, tenth = make(size).encode(), make(size // 10).encode()
        long, short = seconds(whole), seconds(tenth)
        print(
            f"{name:<18} {len(whole) / MEGABYTE:5.1f} {long:8.2f} "
            f"{len(whole) / MEGABYTE / long:6.2f} {long / short:8.1f}x "
            f"{memory(whole) / len(whole):6.1f}x"
        )


if __name__ == "__main__":
    main()
