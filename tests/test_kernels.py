"""
Where notebooks run: each in a process of its own, forked warm or not, with the same result.
"""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from appi_assess.problems import NotebookFailed
from appi_assess.record import RESULT
from appi_assess.runs.execute import run_notebook
from appi_assess.runs.kernels import provisioner
from appi_assess.runs.kernels.manager import PrivateKernelManager, private_transport

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="kernels are forked on Linux only"
)

RECORD = (
    "from IPython.display import display\n"
    f"display({{{RESULT!r}: {{'notebook': 'n', 'status': 'clear', 'assessment_sha256': 'x'}}, 'text/plain': ''}}, raw=True)"
)


def notebook(path: Path, *cells: str) -> Path:
    """A small notebook that leaves a record."""
    sources = ('engagement = ""', *cells, RECORD)
    made = new_notebook(
        cells=[new_code_cell(source) for source in sources],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
    )
    made.cells[0].metadata["tags"] = ["parameters"]
    nbformat.write(made, path)
    return path


def printed(folder: Path, *cells: str, warm: bool = True) -> list[str]:
    """What the cells of a notebook give when it is run."""
    folder.mkdir(exist_ok=True)
    out = folder / "out.ipynb"
    run_notebook(notebook(folder / "n.ipynb", *cells), out, {}, warm=warm)
    ran = nbformat.read(out, as_version=4)
    return [
        output.get("text") or output.data["text/plain"] for cell in ran.cells[1:-1] for output in cell.outputs
    ]


async def replies(folder: Path, *asked: tuple[str, bool]) -> list[str]:
    """How a kernel answers to cells that are asked for one after the other, each with or without a stop."""
    manager = PrivateKernelManager(config=private_transport(folder, warm=True))
    await manager.start_kernel(cwd=str(folder))
    client = manager.client()
    client.start_channels()
    await client.wait_for_ready(60)
    found = []
    for code, stop in asked:
        question = client.execute(code, stop_on_error=stop)
        answer = await client.get_shell_msg(timeout=60)
        while answer["parent_header"].get("msg_id") != question:
            answer = await client.get_shell_msg(timeout=60)
        found.append(answer["content"]["status"])
    client.stop_channels()
    await manager.shutdown_kernel(now=True)
    return found


def is_running(pid: int) -> bool:
    """Whether a process is there and no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def eventually(is_so: object, seconds: float = 30) -> bool:
    """Whether something comes true in a while."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if is_so():  # type: ignore[operator]
            return True
        time.sleep(0.02)
    return False


def test_a_kernel_is_forked_from_one_process_that_has_everything_imported(tmp_path: Path) -> None:
    """Kernels differ, their parent is the same, pandas is there before any cell, and it has one thread."""
    ask = "import os, sys\nos.getpid(), os.getppid(), 'pandas' in sys.modules"
    first, second = (eval(printed(tmp_path / name, ask)[0]) for name in "ab")  # noqa: S307
    assert first[0] != second[0]
    assert first[1] == second[1] == provisioner._current.template.process.pid  # type: ignore[union-attr]
    assert first[2]
    assert provisioner._current.template.threads == 1  # type: ignore[union-attr]


def test_nothing_of_one_notebook_is_seen_by_the_next(tmp_path: Path) -> None:
    """Not in modules, not in the environment, not in the working directory, not in __main__."""
    printed(
        tmp_path / "a",
        "import appi_assess, os, sys\nappi_assess.client = 'A'; os.environ['CLIENT'] = 'A'; secret = 1",
    )
    seen = printed(
        tmp_path / "b",
        "import appi_assess, os, sys\n"
        "[hasattr(appi_assess, 'client'), 'CLIENT' in os.environ, 'secret' in vars(sys.modules['__main__'])]",
    )
    assert seen == ["[False, False, False]"]


def test_forked_kernels_do_not_share_random_numbers(tmp_path: Path) -> None:
    """Each begins a sequence of its own."""
    ask = "import random, numpy as np\nrandom.random(), float(np.random.random())"
    first, second = (eval(printed(tmp_path / name, ask)[0]) for name in "ab")  # noqa: S307
    assert first[0] != second[0]
    assert first[1] != second[1]


def test_forked_or_not_gives_the_same_notebook(tmp_path: Path) -> None:
    """Byte for byte, errors and printed text included."""
    cells = (
        "import sys\nprint('a'); print('b', file=sys.stderr)",
        "__name__",
        "import pandas as pd\npd.DataFrame({'x': [1]})",
    )
    for name, warm in (("warm", True), ("cold", False)):
        printed(tmp_path / name, *cells, warm=warm)
    warm_one, cold_one = ((tmp_path / n / "out.ipynb").read_text(encoding="utf-8") for n in ("warm", "cold"))
    ids = [
        c.id for n in ("warm", "cold") for c in nbformat.read(tmp_path / n / "n.ipynb", as_version=4).cells
    ]
    for number, name in enumerate(ids):
        text = f"cell{number % (len(ids) // 2)}"
        warm_one, cold_one = warm_one.replace(name, text), cold_one.replace(name, text)
    assert warm_one == cold_one


def test_many_at_once_all_arrive(tmp_path: Path) -> None:
    """Eight threads, sixteen notebooks, each with its own answer."""
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda n: printed(tmp_path / str(n), f"{n} * {n}"), range(16)))
    assert found == [[str(n * n)] for n in range(16)]


def test_one_crash_does_not_touch_the_others(tmp_path: Path) -> None:
    """While one kernel kills itself, those beside it finish."""

    def run(n: int) -> list[str] | str:
        cell = "import os; os.kill(os.getpid(), 9)" if n == 1 else f"import time; time.sleep(0.3)\n{n}"
        try:
            return printed(tmp_path / str(n), cell)
        except NotebookFailed as failed:
            return failed.error

    with ThreadPoolExecutor(3) as pool:
        found = list(pool.map(run, range(3)))
    assert found == [["0"], "the kernel died", ["2"]]


def test_kernels_are_gone_after_the_run(tmp_path: Path) -> None:
    """Also what a cell has started."""
    ask = "import os, subprocess\nchild = subprocess.Popen(['sleep', '600'])\nos.getpid(), child.pid"
    for pid in eval(printed(tmp_path / "a", ask)[0]):  # noqa: S307
        assert eventually(lambda pid=pid: not is_running(pid)), pid


def test_kernels_end_when_the_runner_is_killed(tmp_path: Path) -> None:
    """Even by kill -9: neither the warm process nor a kernel stays behind."""
    path = notebook(
        tmp_path / "n.ipynb",
        f"import os, pathlib\npathlib.Path({str(tmp_path / 'pids')!r}).write_text(f'{{os.getpid()}} {{os.getppid()}}')",
        "import time; time.sleep(600)",
    )
    code = (
        "import sys; from pathlib import Path; from appi_assess.runs.execute import run_notebook; "
        f"run_notebook(Path({str(path)!r}), Path({str(tmp_path / 'o.ipynb')!r}), {{}})"
    )
    runner = subprocess.Popen([sys.executable, "-c", code])
    assert eventually(lambda: (tmp_path / "pids").exists() and (tmp_path / "pids").read_text())
    runner.kill()
    runner.wait()
    for pid in map(int, (tmp_path / "pids").read_text().split()):
        assert eventually(lambda pid=pid: not is_running(pid)), pid


def test_kernels_that_run_can_all_be_ended(tmp_path: Path) -> None:
    """An interrupt does not wait for a cell that takes long."""
    started = tmp_path / "started"
    cells = (f"import pathlib\npathlib.Path({str(started)!r}).touch()", "import time; time.sleep(600)")

    def kill() -> None:
        eventually(started.exists)
        provisioner.kill_all()

    killer = threading.Thread(target=kill)
    killer.start()
    with pytest.raises(NotebookFailed, match="the kernel died"):
        printed(tmp_path / "a", *cells)
    killer.join()


def test_a_changed_package_starts_a_new_template(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A kernel never runs code that is no longer on the disk."""
    ask = "import os\nos.getppid()"
    before = printed(tmp_path / "a", ask)
    monkeypatch.setattr(provisioner, "version", lambda: "changed")
    after = printed(tmp_path / "b", ask)
    assert before != after
    assert eventually(lambda: not is_running(int(before[0])))


def test_a_kernel_that_runs_outlives_a_change_of_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Something is installed while notebooks run: they run to their end, and then their template is gone."""
    started, go = tmp_path / "started", tmp_path / "go"
    wait = (
        f"from pathlib import Path\nimport os, time\nPath({str(started)!r}).touch()\n"
        f"while not Path({str(go)!r}).exists(): time.sleep(0.02)\nos.getppid()"
    )
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(printed, tmp_path / "a", wait)
        assert eventually(started.exists)
        monkeypatch.setattr(provisioner, "version", lambda: "installed meanwhile")
        assert printed(tmp_path / "b", "1") == ["1"]
        go.touch()
        (parent,) = running.result()
    assert printed(tmp_path / "c", "1") == ["1"]
    assert not is_running(int(parent))


def test_the_version_stays_the_same_beside_a_place_that_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As PYTHONPATH may name one: not every kernel gets a template of its own."""
    monkeypatch.syspath_prepend(str(tmp_path / "site-packages"))
    assert provisioner.version() == provisioner.version()


def test_the_version_sees_every_file_of_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Code, data, notebooks and templates; compiled files do not count."""
    monkeypatch.setattr(provisioner, "_PACKAGE", tmp_path)
    (tmp_path / "tables").mkdir()
    file = tmp_path / "tables" / "x.yaml"
    file.write_text("a", encoding="utf-8")
    first = provisioner.version()
    (tmp_path / "x.pyc").write_text("a", encoding="utf-8")
    assert provisioner.version() == first
    os.utime(file, ns=(time.time_ns(), time.time_ns() + 1))
    assert provisioner.version() != first


def test_where_no_template_starts_an_ordinary_kernel_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And it is not tried again for every notebook."""
    monkeypatch.setattr(provisioner, "version", lambda: "does not start")
    monkeypatch.setattr(provisioner, "_START", "raise SystemExit(1)")
    assert printed(tmp_path / "a", "6 * 7") == ["42"]
    assert provisioner._current.broken == "does not start"
    monkeypatch.setattr(provisioner._current, "broken", None)


def test_a_template_that_was_killed_is_started_anew(tmp_path: Path) -> None:
    """The next notebook runs."""
    printed(tmp_path / "a", "1")
    assert provisioner._current.template
    killed = provisioner._current.template.process
    os.kill(killed.pid, signal.SIGKILL)
    killed.wait()
    assert printed(tmp_path / "b", "6 * 7") == ["42"]
    assert provisioner._current.template.process.pid != killed.pid


def test_a_template_that_hangs_is_killed_and_started_anew(tmp_path: Path) -> None:
    """Nothing waits for it without a limit."""
    printed(tmp_path / "a", "1")
    assert provisioner._current.template
    assert provisioner._current.template._channel.gettimeout() == provisioner._PATIENCE
    provisioner._current.template._channel.settimeout(0.5)
    stopped = provisioner._current.template.process
    os.kill(stopped.pid, signal.SIGSTOP)
    assert printed(tmp_path / "b", "6 * 7") == ["42"]
    assert not is_running(stopped.pid)
    assert provisioner._current.template.process.pid != stopped.pid


@pytest.mark.parametrize(
    "command",
    [
        ["/usr/bin/R", "--slave"],
        ["/other/python", "-m", "ipykernel_launcher", "-f", "x"],
        [sys.executable, "-m", "other"],
    ],
)
def test_only_kernels_of_this_interpreter_are_forked(command: list[str]) -> None:
    """Any other command is launched as it stands."""
    assert provisioner._arguments(command) is None
    assert provisioner._arguments([sys.executable, "-m", "ipykernel_launcher", "-f", "x"]) == ["-f", "x"]


@pytest.mark.parametrize("warm", [True, False])
def test_settings_of_the_user_take_no_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, warm: bool
) -> None:
    """No start-up file, no kernelspec of the same name, and no file of the working directory is run."""
    startup = tmp_path / "ipython" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "00.py").write_text("mine = 1\n", encoding="utf-8")
    spec = tmp_path / "jupyter" / "kernels" / "python3"
    spec.mkdir(parents=True)
    (spec / "kernel.json").write_text(
        '{"argv": ["false"], "display_name": "x", "language": "python"}', encoding="utf-8"
    )
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "pandas.py").write_text("raise SystemExit", encoding="utf-8")
    (tmp_path / "start.py").write_text("mine = 1\n", encoding="utf-8")
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
    monkeypatch.setenv("PYTHONSTARTUP", str(tmp_path / "start.py"))
    monkeypatch.chdir(tmp_path / "a")
    seen = printed(tmp_path / "a", "import pandas, sys\n['mine' in globals(), '' in sys.path]", warm=warm)
    assert seen == ["[False, False]"]


@pytest.mark.parametrize("warm", [True, False])
def test_a_kernel_is_reached_through_a_private_folder(tmp_path: Path, warm: bool) -> None:
    """Sockets of the file system in a folder of mode 0700; no port is opened, and nothing is left there."""
    ask = (
        "import os, re, pathlib\nfrom ipykernel.kernelapp import IPKernelApp\napp = IPKernelApp.instance()\n"
        "app.transport, str(pathlib.Path(app.ip).parent), oct(os.stat(os.path.dirname(app.ip)).st_mode & 0o777)"
    )
    transport, folder, mode = eval(printed(tmp_path / "a", ask, warm=warm)[0])  # noqa: S307
    assert (transport, mode) == ("ipc", "0o700")
    assert not Path(folder).exists()


def test_nbval_and_other_tools_can_use_it_too(tmp_path: Path) -> None:
    """By the name of the provisioner in the environment."""
    printed(tmp_path / "a", "import sys\n'pandas' in sys.modules")
    result = subprocess.run(
        [sys.executable, "-m", "pytest", "--nbval", "out.ipynb", "-q", "-p", "no:cacheprovider"],
        cwd=tmp_path / "a",
        env={**os.environ, "JUPYTER_DEFAULT_PROVISIONER_NAME": provisioner.NAME},
        check=False,
        capture_output=True,
        encoding="utf-8",
    )
    assert result.returncode == 0, result.stdout[-2000:]


def test_nothing_runs_after_a_cell_that_failed(tmp_path: Path) -> None:
    """However late the next cells arrive: ipykernel itself drops only what has come by then."""
    write = f"open({str(tmp_path / 'written')!r}, 'w').close()"
    cells = (("1 / 0", False), ("1", True), ("1 / 0", True), (write, True), (write, False))
    with tempfile.TemporaryDirectory(prefix="appi-assess-") as folder:
        assert asyncio.run(replies(Path(folder), *cells)) == ["error", "ok", "error", "aborted", "aborted"]
    assert not (tmp_path / "written").exists()
