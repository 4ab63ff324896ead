"""
The command line: ``appi-assess``.
"""

from __future__ import annotations

import io
import re
import signal
import sys
from collections.abc import Callable, Sequence
from datetime import date
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from . import __version__
from .problems import InputProblems, KitError, NotebookFailed, Problem
from .requirement import KNOWN_FROM
from .wording import LANGUAGES, say, user_language

if TYPE_CHECKING:
    from .engagement import Engagement

LANG = click.option(
    "--lang", type=click.Choice(LANGUAGES), help="ja or en; by default that of the engagement or the system."
)

PORT = click.IntRange(1, 65535)
NO_BROWSER = click.option("--no-browser", is_flag=True, help="Do not open a browser.")


def _plainly(command: Callable[..., None]) -> Callable[..., None]:
    """
    Show what the kit refuses as sentences, not as a traceback, unless ``--debug`` is given.
    """

    @wraps(command)
    def wrapped(*args: Any, **options: Any) -> None:
        debug = click.get_current_context().find_root().params.get("debug")
        try:
            command(*args, **options)
        except KitError as error:
            if debug:
                raise
            click.echo(str(error), err=True)
            sys.exit(1)
        except OSError as error:
            if debug:
                raise
            problem = Problem(
                "file_unreadable", str(error.filename or ""), words={"reason": error.strerror or ""}
            )
            click.echo(problem.said(options.get("lang") or user_language()), err=True)
            sys.exit(1)

    return wrapped


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="appi-assess")
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
def main(debug: bool) -> None:
    """Self-assessment kit for Japan's personal information law (APPI, 個人情報保護法)."""
    del debug  # read by the commands from the context
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a console that lacks a sign still gets the sentence


@main.command()
@click.argument("folder", type=click.Path(path_type=Path))
@LANG
@click.option("--sample", is_flag=True, help="Copy the bundled sample engagement instead of a blank one.")
@_plainly
def init(folder: Path, lang: str | None, sample: bool) -> None:
    """Make a new engagement in FOLDER: every question, blank. Nothing is overwritten."""
    from .scaffold import make_engagement

    lang = lang or user_language()
    today = date.today()  # noqa: DTZ011 - the user's own calendar day
    make_engagement(folder, lang, today, from_sample=sample)
    click.echo(say("init.made", lang, folder=folder))


@main.command()
@click.argument("folder", type=click.Path(path_type=Path))
@_plainly
def check(folder: Path) -> None:
    """Read the engagement in FOLDER and print every problem at once."""
    from . import law
    from .reader import read_engagement

    try:
        engagement = read_engagement(folder)
    except InputProblems as error:
        errors, notices = _tell(error.problems, error.lang)
        click.echo(say("check.count", error.lang, errors=errors, notices=notices))
        sys.exit(1)
    lang = engagement.language
    _tell(engagement.notices, lang)
    for rows in engagement.registers.values():
        counts = {"read": rows.read, "judged": len(rows), "examples": rows.examples}
        click.echo(say("check.register", lang, file=rows.file, title=rows.register.title[lang], **counts))
    answered = sum(a.answer is not None for a in engagement.answers.values())
    counts = {
        "answered": answered,
        "total": len(law.all_requirements()),
        "gates": len(engagement.scope),
        "all_gates": len(law.gates()),
    }
    click.echo(say("check.clean", lang, **counts))
    _tell_reviews(engagement)


def _tell_reviews(engagement: Engagement) -> None:
    """
    Print how many verdicts are reviewed and disputed, and the sign-off, if there are any.
    """
    from .conclude import assess_engagement
    from .text import shown_date

    lang, signed = engagement.language, engagement.signoff
    if engagement.reviews and engagement.as_of:
        found = assess_engagement(engagement, engagement.as_of).agreement
        click.echo(say("check.reviews", lang, reviewed=found.reviewed, disputed=len(found.disputed)))
    elif engagement.reviews:
        reviewed = sum(r.verdict is not None for r in engagement.reviews.values())
        click.echo(say("check.reviews_undated", lang, reviewed=reviewed))
    if signed:
        words = {"by": signed.by, "on": shown_date(signed.on, lang), "count": len(signed.changed)}
        click.echo(say("check.signoff_changed" if signed.changed else "check.signoff", lang, **words))


def _warn(problems: Sequence[Problem], lang: str) -> None:
    """
    Tell problems that end nothing, away from what was asked for.
    """
    for problem in problems:
        click.echo(problem.said(lang), err=True)


def _tell(problems: Sequence[Problem], lang: str) -> tuple[int, int]:
    """
    Print errors, then notices under a heading of their own; how many there are of each.
    """
    by_level = {level: [p for p in problems if p.level == level] for level in ("error", "notice")}
    for problem in by_level["error"]:
        click.echo(problem.said(lang))
    if by_level["notice"]:
        click.echo(say("check.notices", lang))
    for problem in by_level["notice"]:
        click.echo(problem.said(lang))
    return len(by_level["error"]), len(by_level["notice"])


@main.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    required=True,
    help="Folder for the report: new, empty, or an earlier report.",
)
@click.option(
    "--as-of", default="", help="Assessment date, such as 2026-11-22; by default the engagement's own."
)
@click.option(
    "--previous",
    type=click.Path(path_type=Path),
    multiple=True,
    help="Report of an earlier period; may be given several times.",
)
@LANG
@_plainly
def report(folder: Path, out: Path, as_of: str, previous: tuple[Path, ...], lang: str | None) -> None:
    """Run every notebook on the engagement in FOLDER and put the report into OUT."""
    _report(folder, out, as_of, lang or "", previous)


@main.command()
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("appi-demo"),
    show_default=True,
    help="Folder for the report.",
)
@LANG
@_plainly
def demo(out: Path, lang: str | None) -> None:
    """Make the report of the bundled sample engagement, a fictional company."""
    from .resources import sample

    lang = lang or user_language()
    _report(sample(lang), out, "", lang)


def _report(folder: Path, out: Path, as_of: str, lang: str, previous: Sequence[Path] = ()) -> None:
    from .assessment import Assessment
    from .law import chapters
    from .reader import read_engagement
    from .runs.report import make_report

    # Being told to stop is no reason to leave half a report behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    shown = lang or read_engagement(folder).language
    steps = make_report(folder, out, as_of, lang, previous)
    try:
        with click.progressbar(
            steps,
            length=len(chapters()),
            label=say("run.progress", shown),
            item_show_func=lambda s: s or "",
            file=sys.stderr,
        ) as bar:
            for _ in bar:
                pass
    except NotebookFailed:
        click.echo(say("run.kept", shown, folder=out.with_name(f"{out.name}.failed")), err=True)
        raise
    result = Assessment.model_validate_json((out / "assessment.json").read_text(encoding="utf-8"))
    figures = result.scores["legal"].overall
    lang = lang or result.about.language
    nothing = say("words.nothing", lang)
    rates = {
        k: getattr(figures, k).shown or nothing
        for k in ("conformity_low", "conformity_high", "coverage", "assurance")
    }
    low, high = rates.pop("conformity_low"), rates.pop("conformity_high")
    conformity = low if low == high else say("words.interval", lang, low=low, high=high)
    status = say(f"status.{figures.status}", lang)
    click.echo(
        say(
            "run.headline",
            lang,
            organisation=result.about.organisation,
            status=status,
            conformity=conformity,
            **rates,
        )
    )
    if count := len(result.agreement.disputed):
        click.echo(say("run.disputed", lang, count=count))
    click.echo(say("run.done", lang, folder=out, first="20_gap_report.ipynb"))


@main.command()
@click.argument("portfolio", type=click.Path(path_type=Path))
@click.option("--out", required=True, help="Folder for the results: a path, or a URL that fsspec knows.")
@click.option("--jobs", type=click.IntRange(1), help="Reports made at a time; by default one per core.")
@click.option("--engine", type=click.Choice(["local", "dask"]), default="local", show_default=True)
@click.option(
    "--scheduler",
    envvar="DASK_SCHEDULER_ADDRESS",
    show_envvar=True,
    help="Address of the Dask scheduler, such as tcp://10.0.0.5:8786.",
)
@click.option("--force", is_flag=True, help="Make every report again, also those that are still right.")
@click.option(
    "--previous",
    multiple=True,
    help="Results of an earlier period, oldest first; may be given several times.",
)
@click.option(
    "--as-of",
    default="",
    help="Assessment date where PORTFOLIO names none; by default the engagement's own.",
)
@LANG
@_plainly
def batch(
    portfolio: Path,
    out: str,
    jobs: int | None,
    engine: Literal["local", "dask"],
    scheduler: str | None,
    force: bool,
    previous: tuple[str, ...],
    as_of: str,
    lang: str | None,
) -> None:
    """
    Make the report of every engagement in PORTFOLIO, and one over all of them.

    PORTFOLIO is a CSV, XLSX or YAML file. What was made before and is still right is kept, so the
    same command resumes a batch that was interrupted.
    """
    from .batch.batch import Options, run_batch
    from .batch.lines import failure_line, lines
    from .batch.portfolio import read_day, read_portfolio
    from .batch.task import Outcome

    if engine == "dask" and not scheduler:
        raise click.UsageError("--engine dask needs --scheduler.")
    shown = lang or user_language()
    notices: list[Problem] = []
    entries = read_portfolio(portfolio, shown, read_day(as_of, shown), notices)
    _warn(notices, shown)
    options = Options(engine, jobs, scheduler or "", force, previous, shown, lang or "")
    with click.progressbar(
        length=len(entries), label=say("batch.progress", shown), file=sys.stderr, show_pos=True
    ) as bar:

        def tell(outcome: Outcome) -> None:
            if outcome.failure:
                click.echo("\n" + failure_line(outcome, shown), err=True)
            bar.update(1)

        result = run_batch(entries, out, options, tell)
    for line in lines(result, entries, out, shown):
        click.echo(line)
    if result.state == "interrupted":
        sys.exit(130)
    sys.exit(1 if result.portfolio or any(o.failure for o in result.outcomes) else 0)


@main.command()
@click.argument("folder", type=click.Path(path_type=Path))
@LANG
@click.option("--port", type=PORT, default=8888, show_default=True, help="Port; others are tried if taken.")
@NO_BROWSER
@_plainly
def lab(folder: Path, lang: str | None, port: int, no_browser: bool) -> None:
    """Open JupyterLab on the engagement in FOLDER, at the first notebook."""
    from .servers.lab import open_lab, prepare

    lang, notices = prepare(folder, lang or "")
    _tell(notices, lang)
    sys.exit(open_lab(folder, port, not no_browser))


@main.command()
@click.argument("folder", type=click.Path(path_type=Path))
@LANG
@click.option("--port", type=PORT, default=8866, show_default=True, help="Port; others are tried if taken.")
@click.option("--token", help="Token in the address, 16 characters or more; random by default.")
@NO_BROWSER
@_plainly
def serve(folder: Path, lang: str | None, port: int, token: str | None, no_browser: bool) -> None:
    """Show the notebooks of the engagement in FOLDER as pages without code, on this computer only."""
    from .servers.lab import prepare
    from .servers.serve import check_voila, checked_token, serve_notebooks

    check_voila(lang or user_language())
    token = checked_token(token, lang or user_language())
    lang, notices = prepare(folder, lang or "")
    _tell(notices, lang)
    ready = say("serve.ready", lang)

    def tell(url: str) -> None:
        click.echo(f"{ready}\n{url}")

    sys.exit(serve_notebooks(folder, lang, port, token, not no_browser, tell))


@main.command()
@click.argument("article")
@LANG
@_plainly
def lookup(article: str, lang: str | None) -> None:
    """Say what an ARTICLE number of before 1 April 2022 is called now, such as 24."""
    from . import provisions
    from .requirement import renumbered
    from .text import fold, shown_date

    lang = lang or user_language()
    number = re.fullmatch(r"\D*?(\d+)条?(?:[の-](\d+))?(\(\d+\)|\d+項)?\D*", fold(article))
    parts = [p for p in number.groups()[:2] if p] if number else []
    rows = [row for row in renumbered() if row.old.split("(")[0] == "-".join(parts)]
    if not rows:
        click.echo(say("lookup.nothing", lang, old=article), err=True)
        sys.exit(1)

    def label(number: str) -> str:
        return provisions.label(number, lang) if provisions.is_provision(number) else number

    for row in rows:
        parts = []
        for n in row.now:
            text = label(n.number)
            if n.from_ > KNOWN_FROM:
                text = say("lookup.from", lang, number=text, **{"from": shown_date(n.from_, lang)})
            if n.to:
                text = say("lookup.until", lang, number=text, to=shown_date(n.to, lang))
            parts.append(say("lookup.unsure", lang, text=text) if n.standing == "general_knowledge" else text)
        click.echo(
            say(
                "lookup.now",
                lang,
                old=label(row.old),
                now=say("list", lang).join(parts),
                topic=row.topic[lang],
            )
        )


@main.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--at",
    default="",
    help="A moment, such as 2026-11-22T14:00: print the answers of then as a fresh answers.yaml.",
)
@LANG
@_plainly
def log(folder: Path, at: str, lang: str | None) -> None:
    """Show who changed what and when in the engagement in FOLDER, or its answers at a moment."""
    from .forms.change_log import answers_at, lines

    lang = lang or user_language()
    problems: list[Problem] = []
    if at:
        click.echo(answers_at(folder, at, lang, problems), nl=False)
    else:
        for line in lines(folder, lang, problems):
            click.echo(line)
    _warn(problems, lang)


@main.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--as-of", default="", help="Assessment date; by default the engagement's own.")
@LANG
@click.option(
    "--previous", type=click.Path(path_type=Path), help="Report folder of the period before, to compare with."
)
@click.option(
    "--format",
    "layout",
    type=click.Choice(["text", "csv"]),
    default="text",
    show_default=True,
    help="csv is complete; text shows the first few of each kind.",
)
@_plainly
def review(folder: Path, as_of: str, lang: str | None, previous: Path | None, layout: str) -> None:
    """Tell a reviewer what to look at in the engagement in FOLDER; no verdict changes."""
    from .conclude import assess_engagement
    from .earlier import earlier
    from .engagement import day_of
    from .forms.journal import read_journal
    from .lint.case import Case
    from .lint.lines import lines, remarks_csv
    from .lint.rules import remarks
    from .reader import read_engagement

    engagement = read_engagement(folder)
    lang = lang or engagement.language
    day = day_of(engagement, as_of)
    before = earlier(previous, day, lang)[-1] if previous else None
    unread: list[Problem] = []
    changes = tuple(read_journal(folder, unread))
    case = Case(engagement, assess_engagement(engagement, day), changes, before)
    found = remarks(case)
    if layout == "csv":
        click.echo(remarks_csv(found, lang).encode("utf-8-sig"), nl=False)
    else:
        for line in lines(case, found, lang):
            click.echo(line)
    _warn(unread, lang)


@main.command()
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--jobs", type=click.IntRange(1), help="Reports at a time; by default one per processor.")
@click.option(
    "--engagement",
    type=click.Path(path_type=Path),
    help="Where the engagement of a single report is, if it is not where it was.",
)
@click.option(
    "--run-other-code",
    is_flag=True,
    help="Execute notebooks whose code is not the kit's, too. Read them first.",
)
@LANG
@_plainly
def verify(
    out: Path, jobs: int | None, engagement: Path | None, run_other_code: bool, lang: str | None
) -> None:
    """Tell whether the report or batch in OUT is what its inputs give; changes nothing."""
    from .verify.verify import language, said, steps, verify

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    lang = lang or language(out) or user_language()
    with click.progressbar(
        length=steps(out, lang),
        label=say("verify.progress", lang),
        item_show_func=lambda s: s or "",
        file=sys.stderr,
    ) as bar:
        found = verify(
            out,
            engagement,
            jobs=jobs or 0,
            run_other_code=run_other_code,
            told=lambda s: bar.update(1, s),
            lang=lang,
        )
    for line in said(found, out, lang):
        click.echo(line)
    sys.exit(any(v.state != "verified" for v in found))


@main.command()
@LANG
@_plainly
def upcoming(lang: str | None) -> None:
    """Preview the 2026 reform: enacted, mostly not in force, never scored (Act No. 56 of 2026)."""
    from . import law

    lang = lang or user_language()
    content = law.upcoming()
    act = content["act"]
    words = {
        "penal": act["penal_part_from"],
        "main": act["main_part_no_later_than"],
        "promulgated": act["promulgated"],
    }
    click.echo(say("upcoming.head", lang, title=act["title"][lang], number=act["number"][lang], **words))
    for item in content["items"]:
        click.echo(f"\n- {item['title'][lang]}\n  {item['text'][lang]}")
