"""The command `reconcile`.  Heavy imports wait until a command needs them, so that --help comes at once."""

from __future__ import annotations

import argparse
import contextlib
import signal
import sys
import traceback
from collections.abc import Sequence

from reconcile._version import __version__

OK, FOUND_ERRORS, BAD_INPUT = 0, 1, 2


def parser() -> argparse.ArgumentParser:
    """The command line as the contract states it."""
    top = argparse.ArgumentParser(
        prog="reconcile",
        description="预算与账簿核对：读入预算表和账簿，逐项目、逐类别核对，生成复核工作簿、批注副本和报告段落。\n"
        "Tie an office's ledger out against its budget, and write the review workbook.",
        epilog="退出码 exit codes: 0 没有错误级发现 no errors found; 1 有（已认可的不计） at least one open; 2 输入或用法有误 bad input or usage",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("--version", action="version", version=f"reconcile {__version__}")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")

    demo = commands.add_parser(
        "demo", help="示例单位，从文件到复核工作簿 / the example department, whole; exit code 0 when done"
    )
    demo.add_argument("--out", metavar="DIR", default="reconcile-demo", help="输出文件夹 / output folder (%(default)s)")
    _common(demo)

    run = commands.add_parser("run", help="核对预算和账簿 / tie a ledger out against a budget")
    run.add_argument(
        "--budget", metavar="FILE", nargs="+", action="extend", required=True, help="预算表 / budget files"
    )
    run.add_argument("--ledger", metavar="FILE", nargs="+", action="extend", required=True, help="账簿 / ledger files")
    run.add_argument("--contracts", metavar="FILE", nargs="+", action="extend", help="合同台账 / contract registers")
    run.add_argument(
        "--aliases",
        metavar="FILE",
        nargs="+",
        action="extend",
        help="批准的别名，或填写后的 review.xlsx / approved aliases, or a review.xlsx that was filled in",
    )
    run.add_argument(
        "--previous",
        metavar="REVIEW.xlsx",
        help="上次填写后交回的 review.xlsx：沿用意见、改列和对应；已认可且金额未变的错误不再计入退出码 1 / the review.xlsx that "
        "was filled in last time: its replies are carried on, and accepted errors of unchanged amount end no run with 1",
    )
    run.add_argument(
        "--evaluation",
        metavar="INPUTS.xlsx",
        nargs="+",
        action="extend",
        help="绩效评价取数表，另写 evaluation.xlsx / inputs of the performance evaluation; writes evaluation.xlsx too",
    )
    run.add_argument(
        "--rubric", metavar="NAME", help="评分表的名称或 .toml 文件 / rubric of the evaluation, a name or a .toml file"
    )
    run.add_argument(
        "--final-accounts",
        metavar="FILE",
        nargs="+",
        action="extend",
        help="决算公开表，核对后写入 evaluation.xlsx / public final accounts, checked in evaluation.xlsx",
    )
    run.add_argument(
        "--report",
        metavar="REPORT",
        help="写好的报告，逐数核对后列入 review.xlsx / a written report, checked in a sheet of review.xlsx",
    )
    run.add_argument("--year", type=int, metavar="Y", help="年度 / the year of the account")
    run.add_argument("--through", metavar="YYYY-MM", help="截至月份 / stop at this month")
    run.add_argument("--config", metavar="reconcile.toml", help="设置文件 / settings")
    run.add_argument("--out", metavar="DIR", required=True, help="输出文件夹 / output folder")
    _common(run)

    batch = commands.add_parser(
        "batch", help="多个部门一起核对并汇总 / many departments at once, and one workbook over all"
    )
    batch.add_argument(
        "source",
        metavar="FOLDER",
        help="一个部门一个文件夹的总文件夹，或列有部门、预算、账簿、合同、上级的表 / a folder a department in it, or a "
        "table of departments and paths",
    )
    batch.add_argument("--out", metavar="DIR", required=True, help="输出文件夹 / output folder")
    batch.add_argument("--workers", metavar="N", type=_workers, help="进程数 / processes (CPUs)")
    batch.add_argument(
        "--scheduler", metavar="ADDRESS", help="在已有的 Dask 集群上运行 / run on this Dask cluster, tcp://host:8786"
    )
    batch.add_argument("--year", type=int, metavar="Y", help="年度 / the year of the accounts")
    batch.add_argument("--through", metavar="YYYY-MM", help="截至月份 / stop at this month")
    batch.add_argument(
        "--config", metavar="reconcile.toml", help="没有自己设置的部门用它 / settings of departments without their own"
    )
    _common(batch)

    inspect = commands.add_parser("inspect", help="看读表器看到了什么 / what the loader sees in files")
    inspect.add_argument("files", metavar="FILE", nargs="+")
    inspect.add_argument(
        "--sheet", metavar="SHEET", help="只看这张表，隐藏的也可以 / look at this sheet, though hidden"
    )
    inspect.add_argument("--config", metavar="reconcile.toml", help="按这里的 [layout] 读 / read as its [layout] says")
    inspect.add_argument(
        "--save",
        metavar="reconcile.toml",
        help="把认出的结果写成 [layout]，供修改 / write what was detected as a [layout]",
    )
    inspect.add_argument("--force", action="store_true", help="覆盖已有文件 / overwrite a file that exists")
    _check_report(commands.add_parser("check-report", help="核对报告里的数 / check the figures of a report"))
    return top


def _check_report(check: argparse.ArgumentParser) -> None:
    check.add_argument("report", metavar="REPORT", help="报告 .docx、.txt 或 .md / the report")
    check.add_argument("--budget", metavar="FILE", nargs="+", action="extend", help="预算表 / budget files")
    check.add_argument("--ledger", metavar="FILE", nargs="+", action="extend", help="账簿 / ledger files")
    check.add_argument("--year", type=int, metavar="Y", help="年度 / the year of the account")
    check.add_argument("--config", metavar="reconcile.toml", help="设置文件 / settings")
    check.add_argument(
        "--out", metavar="FILE", help="批注副本 .docx，或清单 .xlsx / a marked copy .docx, or a list .xlsx"
    )
    _common(check)


def _common(command: argparse.ArgumentParser) -> None:
    command.add_argument("--quiet", action="store_true", help="不显示进度 / no progress")
    command.add_argument(
        "--json", action="store_true", help="以 JSON 输出合计与发现 / print totals and findings as JSON"
    )
    command.add_argument("--force", action="store_true", help="覆盖已有输出 / overwrite outputs that exist")


def _workers(text: str) -> int:
    """A number of processes, at least one."""
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f"{text}：应为 1 以上的整数 / wanted is a whole number from 1")
    return int(text)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code.  A stop (Ctrl-C, SIGTERM, a closed terminal) leaves no file behind."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    arguments = parser().parse_args(argv)
    for name in ("SIGTERM", "SIGHUP"):
        with contextlib.suppress(AttributeError, ValueError):  # no such signal on Windows; not the main thread
            signal.signal(getattr(signal, name), signal.default_int_handler)
    try:
        return _command(arguments)
    except OSError as problem:
        place = f"{problem.filename}: " if problem.filename else ""
        print(f"reconcile: {place}{problem.strerror or problem}", file=sys.stderr)
    except KeyboardInterrupt:
        print("reconcile: 已中断，没有写出任何文件 / interrupted, nothing was written", file=sys.stderr)
    except Exception:
        traceback.print_exc()
        print(
            "reconcile: 程序出错，请把以上内容发给维护者 / a defect of this program, please report it", file=sys.stderr
        )
    return BAD_INPUT


def _command(arguments: argparse.Namespace) -> int:
    from reconcile import inspection, report_check, run
    from reconcile.batch.command import batch
    from reconcile.finding import LoadError

    commands = {
        "demo": run.demo,
        "run": run.run,
        "inspect": inspection.inspect,
        "check-report": report_check.check_report,
        "batch": batch,
    }
    try:
        return commands[arguments.command](arguments)
    except LoadError as problem:
        print(f"reconcile: {problem}", file=sys.stderr)
    return BAD_INPUT


if __name__ == "__main__":
    sys.exit(main())
