"""`tahsil serve` and `tahsil worker`: the web with a worker beside it, or the worker alone."""

from __future__ import annotations

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from typing import Any

from tahsil.cli import frame
from tahsil.cli.frame import Exit
from tahsil.core.grammar.refusal import Refused

PATIENCE = 60  # seconds a loaded machine may take to open the port
APPLICATION = "tahsil.project.wsgi:application"


def add(commands: Any) -> None:
    """The commands of this module."""
    web = commands.add_parser("serve", help="the web pages, with a worker beside them")
    web.add_argument("--port", type=frame.count, help="default: PORT, else 8000")
    web.add_argument("--host", default="127.0.0.1", help="default: 127.0.0.1")
    web.add_argument("--no-worker", action="store_true", help="leave the worker to other processes")
    web.set_defaults(run=run_serve)
    worker = commands.add_parser("worker", help="background jobs only")
    worker.add_argument("--once", action="store_true", help="do what is ready, then end")
    worker.add_argument("--beside", type=frame.count, metavar="PID", help=argparse.SUPPRESS)
    worker.set_defaults(run=run_worker)


def run_serve(args: argparse.Namespace) -> int:
    """Serves until it is stopped; both processes end together."""
    frame.start()
    port = args.port or port_of(os.environ.get("PORT") or "8000")
    _refuse_taken(args.host, port)
    _refuse_empty()
    _gather_files()
    processes = [subprocess.Popen(_web(args.host, port))]
    if not args.no_worker:
        command = [sys.executable, "-m", "tahsil.cli.main", "worker", "--beside", str(os.getpid())]
        processes.append(subprocess.Popen(command))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(Exit.DONE))
    try:
        _wait(processes[0], args.host, port)
        _greet(args.host, port)
        return processes[0].wait()
    except KeyboardInterrupt:
        return Exit.DONE
    finally:
        _end(processes)


def port_of(text: str) -> int:
    """The port a text names; refused where it names none."""
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65536:
        raise Refused(
            "serve.port", "PORT is {text}; a port is a number from 1 to 65535.", text=text
        )
    return int(text)


def _web(host: str, port: int) -> list[str]:
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host]
    # One process: SQLite has one writer, and threads share what is cached.
    command += ["--port", str(port), "--workers", "1", "--blocking-threads", "4"]
    return [*command, "--log-level", "warning", "--no-ws", APPLICATION]


def _refuse_taken(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as fault:
            raise Refused(
                "serve.port_taken",
                "{host}:{port} cannot be opened ({said}). Set PORT to another number.",
                host=host,
                port=port,
                said=fault.strerror or "",
            ) from None


def _refuse_empty() -> None:
    from tahsil.store import policies

    policies.codes("roles")  # says what to do where there are no tables


def _gather_files() -> None:
    from tahsil.run import installation

    installation.gather_files()  # a newer version brings newer ones


def _wait(web: subprocess.Popen[bytes], host: str, port: int) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if web.poll() is not None:
            raise Refused(
                "serve.ended", "The web server ended with {status}.", status=web.returncode
            )
        try:
            with socket.create_connection((host, port), timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise Refused("serve.slow", "The port was not open after {seconds} s.", seconds=PATIENCE)


def _greet(host: str, port: int) -> None:
    from tahsil.cli import install

    address = f"http://{host}:{port}"
    print(f"\nTahsil is at {address}/")
    for path, what in (("/worklist", "the collector's day"), ("/imports", "drop a workbook in")):
        print(f"  {address}{path}  {what}")
    place = frame.home() / install.LOGINS
    if place.exists():
        print()
        install.print_logins(json.loads(place.read_text(encoding="utf-8")))
    print("\nStop with Ctrl-C.", flush=True)


def _end(processes: list[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        if process.poll() is None:
            process.terminate()
    for process in processes:
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()


def run_worker(args: argparse.Namespace) -> None:
    """Does jobs until it is stopped; beside a web process, until that one is gone."""
    frame.start()
    from tahsil.run import import_jobs, jobs  # noqa: F401 - its kinds of jobs register themselves

    if args.once:
        while jobs.work_one(clock=frame.now):
            pass
        return
    stop = threading.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: stop.set())
    if args.beside:
        threading.Thread(target=_watch, args=(args.beside, stop), daemon=True).start()
    jobs.work(clock=frame.now, stop=stop)


def _watch(parent: int, stop: threading.Event) -> None:
    """Stops the worker when the web process it stands beside is gone, even if that was killed."""
    while os.getppid() == parent:
        time.sleep(1)
    stop.set()
