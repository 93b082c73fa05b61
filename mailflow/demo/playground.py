"""The playground put together: servers, instance, the product itself, and the sample mails."""

from __future__ import annotations

import logging
import threading
import traceback
from contextlib import contextmanager
from typing import TYPE_CHECKING

import structlog

from mailflow.bootstrap import assemble, prepare_database, site_digest
from mailflow.clock import SystemClock
from mailflow.demo.board import Board, read_board
from mailflow.demo.instance import claimed, load_company, write_instance
from mailflow.demo.invitation import Invitation
from mailflow.demo.player import Player
from mailflow.demo.programme import PROGRAMME
from mailflow.demo.servers import PrivateServers
from mailflow.errors import TemporaryError
from mailflow.keys.keyring import load_keyring
from mailflow.settings import load_settings
from mailflow.store.calibrations import CalibrationState, Remembered, remember_calibration
from mailflow.store.session import open_engine, transaction
from mailflow.workers.logs import set_up_logs
from mailflow.workers.run import run_all

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from mailflow.bootstrap import Runtime

LOG = "demo.log"
IMAP_PORT = 10143
SMTP_PORT = 10025
MAILS = len(PROGRAMME) + 1
_STOPPING_SECONDS = 10.0


class Playground:
    """A running one. ``failure`` is what ended the product or the senders, if anything did."""

    def __init__(self, runtime: Runtime, servers: PrivateServers, home: Path) -> None:
        self.invitation = Invitation(servers, home)
        self.failure: str | None = None
        self.has_played = False
        self._runtime = runtime
        self._servers = servers
        self._last = Board()

    def look(self) -> Board:
        """What there is to see now; the last sight while the database is busy."""
        try:
            self._last = read_board(self._runtime, self._servers)
        except TemporaryError:
            structlog.get_logger().info("board_not_read")
        return self._last

    def run_product(self, stop: threading.Event) -> None:
        self._guarded(lambda: run_all(self._runtime, stop), stop)

    def play(self, stop: threading.Event, *, pause_seconds: float) -> None:
        player = Player(self._servers, self._runtime.clock, pause_seconds=pause_seconds)
        self._guarded(lambda: player.play(stop), stop)
        self.has_played = True

    def _guarded(self, work: Callable[[], None], stop: threading.Event) -> None:
        try:
            work()
        except Exception as error:  # noqa: BLE001 (a thread's end must reach the person playing)
            self.failure = "".join(traceback.format_exception_only(error)).strip()
            structlog.get_logger().exception("playground_failed")
            stop.set()


@contextmanager
def open_playground(
    home: Path, stop: threading.Event, *, pause_seconds: float, is_private: bool = False
) -> Iterator[Playground]:
    """Everything started, in threads; ``stop`` ends it, and so does leaving.

    ``is_private`` takes any free ports. Raises NotOursError when the folder is not ours.
    """
    clock = SystemClock()
    company = load_company()
    with claimed(home):
        servers = PrivateServers.start(
            company,
            clock,
            imap_port=0 if is_private else IMAP_PORT,
            smtp_port=0 if is_private else SMTP_PORT,
        )
        try:
            write_instance(
                home,
                company,
                imap_port=servers.imap_port,
                smtp_port=servers.smtp_port,
                today=clock.now().date(),
            )
            with _logs_in(home / "var" / LOG):
                runtime = _calibrated(home)
                playground = Playground(runtime, servers, home)
                with _threads(playground, stop, pause_seconds=pause_seconds):
                    yield playground
                runtime.close()
        finally:
            servers.stop()


@contextmanager
def _threads(
    playground: Playground, stop: threading.Event, *, pause_seconds: float
) -> Iterator[None]:
    threads = (
        threading.Thread(target=playground.run_product, args=(stop,), daemon=True),
        threading.Thread(
            target=playground.play,
            args=(stop,),
            kwargs={"pause_seconds": pause_seconds},
            daemon=True,
        ),
    )
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(_STOPPING_SECONDS)


def _calibrated(home: Path) -> Runtime:
    """What `check auth` would find: here the border is ours, so its stamp can be believed."""
    clock = SystemClock()
    engine = open_engine(f"sqlite:///{(home / 'var' / 'mailflow.db').resolve()}")
    prepare_database(engine, load_keyring(home / "var" / "keyring.json"), clock=clock)
    site = site_digest(load_settings(home, environ={}))
    found = Remembered(CalibrationState.PASSED, site, clock.now())
    with transaction(engine) as connection:
        remember_calibration(connection, found)
    engine.dispose()
    return assemble(home, environ={}, clock=clock)


@contextmanager
def _logs_in(path: Path) -> Iterator[None]:
    """Log lines go to a file: the screen is for the view."""
    with path.open("a", encoding="utf-8") as file:
        logging.basicConfig(stream=file, level=logging.WARNING, force=True)
        # The SMTP server warns at each login of an attribute that only it uses.
        logging.getLogger("mail.log").setLevel(logging.ERROR)
        set_up_logs()
        structlog.configure(logger_factory=structlog.PrintLoggerFactory(file))
        try:
            yield
        finally:
            set_up_logs()
            logging.basicConfig(level=logging.ERROR, force=True)
