"""
A batch on a real Dask cluster of worker processes: the same results, nothing lost, nothing hangs.
"""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from appi_assess.batch import executors
from appi_assess.batch.batch import Options, Result, run_batch
from appi_assess.batch.portfolio import read_portfolio
from appi_assess.problems import InputProblems

from . import small_kit
from .conftest import ROOT
from .small_kit import SmallKit, portfolio, results, said

dask = pytest.importorskip("dask")
distributed = pytest.importorskip("distributed")

PATIENCE = 120.0


@contextmanager
def cluster(plugin: SmallKit, workers: int) -> Iterator[str]:
    """The address of a cluster whose worker processes have the small kit."""
    settings = {"distributed.scheduler.allowed-failures": 1, "distributed.admin.log-format": "%(message)s"}
    with (
        dask.config.set(settings),
        distributed.LocalCluster(
            n_workers=workers, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=60
        ) as made,
    ):
        with distributed.Client(made, set_as_default=False) as client:
            client.register_plugin(plugin)
        yield made.scheduler_address


def run(path: Path, out: Path, address: str = "", **options: Any) -> Result:
    """Run a batch, on a cluster if there is an address."""
    if address:
        options |= {"engine": "dask", "scheduler": address}
    return run_batch(read_portfolio(path, "en"), str(out), Options(**options))


def states(result: Result) -> dict[str, str]:
    """How each entry went."""
    return {o.id: o.state for o in result.outcomes}


def plugin(kit: Path, package: str = small_kit.PACKAGE) -> Any:
    """The small kit as a plugin of workers."""

    class Plugin(SmallKit, distributed.WorkerPlugin):  # type: ignore[misc, name-defined]
        """What a cluster registers."""

    return Plugin(kit, package)


def test_a_cluster_gives_the_same_results(tmp_path: Path, kit: Path) -> None:
    """Every file as in a local run, failures too; the second run keeps everything, whoever made it."""
    remarks = {"a": "", "b": "# fails", "c": "", "d": "# crashes", "e": ""}
    for name in ("here", "there"):
        portfolio(tmp_path / name, remarks)
    local = run(tmp_path / "here" / "portfolio.csv", tmp_path / "here" / "out")
    path, out = tmp_path / "there" / "portfolio.csv", tmp_path / "there" / "out"
    with cluster(plugin(kit), 2) as address:
        remote = run(path, out, address)
        again = run(path, out, address)
    assert states(remote) == states(local)
    assert [o.manifest for o in remote.outcomes] == [o.manifest for o in local.outcomes]
    assert results(out) == results(tmp_path / "here" / "out")
    assert states(again) == {"a": "kept", "b": "failed", "c": "kept", "d": "failed", "e": "kept"}
    assert states(run(path, out)) == states(again)


def test_workers_that_die_lose_nothing_and_a_deadly_task_is_named(tmp_path: Path, kit: Path) -> None:
    """A worker killed in the middle: its task is done by another. A task that kills every worker: it alone fails."""
    path = portfolio(
        tmp_path,
        {"a": "", "once": "# kills one worker", "b": "", "always": "# kills the worker", "c": "", "d": ""},
    )
    with cluster(plugin(kit), 2) as address:
        result = run(path, tmp_path / "out", address)
    # A report whose worker died before it could tell is found complete by the next one.
    assert {o.id for o in result.outcomes if o.state in ("done", "kept")} == {"a", "once", "b", "c", "d"}
    failure = next(o.failure for o in result.outcomes if o.id == "always")
    assert failure
    assert failure.kind == "cluster"
    assert "every worker that ran it died" in failure.reason["en"]
    assert (tmp_path / "out" / "portfolio" / "ranking.csv").read_text(encoding="utf-8").split() == [
        "a", "once", "b", "c", "d"
    ]  # fmt: skip
    assert sorted(p.name for p in (tmp_path / "out" / "reports").iterdir()) == ["a", "b", "c", "d", "once"]


def started(name: str, *arguments: object) -> subprocess.Popen[bytes]:
    """A process of a cluster, as an administrator starts it."""
    return subprocess.Popen(
        [sys.executable, "-m", f"distributed.cli.dask_{name}", *map(str, arguments)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
    )


@pytest.mark.parametrize("signal", ["kill", "freeze"])
def test_a_scheduler_that_is_lost_ends_the_batch(
    tmp_path: Path, kit: Path, monkeypatch: pytest.MonkeyPatch, signal: str
) -> None:
    """What is done stays, the rest is said to be unfinished; here, too, nothing is waited for in vain."""
    import signal as signals

    monkeypatch.setattr(executors, "SILENT_SECONDS", 12.0)
    monkeypatch.setattr(executors, "_ASK_SECONDS", 0.5)
    monkeypatch.setattr(executors, "CONNECT_SECONDS", 20)
    path = portfolio(tmp_path, {"a": "", "b": "# waits", "c": "# waits"})
    file, out = tmp_path / "scheduler.json", tmp_path / "out"
    scheduler = started(
        "scheduler", "--port", 0, "--no-dashboard", "--host", "127.0.0.1", "--scheduler-file", file
    )
    worker = started("worker", "--scheduler-file", file, "--nthreads", 1, "--no-nanny", "--no-dashboard")

    def told() -> bool:
        return (out / "batch.json").is_file() and said(out)["entries"][0]["state"] == "done"

    def lose() -> None:
        last = time.monotonic() + PATIENCE
        while not (told() and list((out / "reports").glob(".b.*"))) and time.monotonic() < last:
            time.sleep(0.05)
        scheduler.send_signal(signals.SIGKILL if signal == "kill" else signals.SIGSTOP)

    try:
        with distributed.Client(scheduler_file=str(file), set_as_default=False, timeout=60) as client:
            client.register_plugin(plugin(kit))
            client.wait_for_workers(1, timeout=60)
            address = client.scheduler.address
        loser = threading.Thread(target=lose)
        loser.start()
        result = run(path, out, address)
        loser.join()
    finally:
        for process in (worker, scheduler):
            process.kill()
            process.wait()
    assert states(result) == {"a": "done", "b": "failed", "c": "failed"}
    for outcome in result.outcomes[1:]:
        assert outcome.failure
        assert "connection to the cluster was lost" in outcome.failure.reason["en"]
    assert (out / "reports" / "a" / "manifest.json").is_file()
    assert (out / "manifest.json").is_file()


def test_a_cluster_that_cannot_be_used_is_refused_at_once(
    tmp_path: Path, kit: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No answer, no such form of address, no Dask installed: each is said in words, nothing is written."""
    del kit
    monkeypatch.setattr(executors, "CONNECT_SECONDS", 1)
    path = portfolio(tmp_path, {"a": ""})
    for address in ("tcp://127.0.0.1:9", "nonsense://x"):
        with pytest.raises(InputProblems) as caught:
            run(path, tmp_path / "out", address)
        assert [p.code for p in caught.value.problems] == ["cluster_unreachable"]
        assert address in caught.value.said("ja")
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(InputProblems, match=r"appi-assess\[cluster\]"):
        run(path, tmp_path / "out", "tcp://127.0.0.1:9")
    assert not (tmp_path / "out" / "batch.json").exists()
