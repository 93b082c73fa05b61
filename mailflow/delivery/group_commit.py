"""One commit for all connections that have reached the same point, instead of one each."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

Item = TypeVar("Item")
_LINGER_SECONDS = 0.001
"""For those who are about to reach the same point: a commit costs more than that."""


class GroupCommit(Generic[Item]):
    """``commit`` is called in a thread with all items that came while the last call ran, and
    answers with those that it committed.
    """

    def __init__(self, commit: Callable[[list[Item]], Collection[Item]]) -> None:
        self._commit = commit
        self._waiting: list[tuple[Item, asyncio.Future[bool]]] = []
        self._task: asyncio.Task[None] | None = None

    async def note(self, item: Item) -> bool:
        """Whether the item was committed. Raises what the commit raised."""
        done: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, done))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._drain())
        return await done

    async def _drain(self) -> None:
        while self._waiting:
            await asyncio.sleep(_LINGER_SECONDS)
            taken, self._waiting = self._waiting, []
            try:
                kept = await asyncio.to_thread(self._commit, [item for item, _ in taken])
            except Exception as error:  # noqa: BLE001 (handed to each of those who wait for it)
                for _, done in taken:
                    if not done.done():
                        done.set_exception(error)
                continue
            for item, done in taken:
                if not done.done():
                    done.set_result(item in kept)
