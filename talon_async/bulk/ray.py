"""Writers for Ray Data: callables for `Dataset.map_batches` that send each batch of rows of a larger job.

The modules of Ray itself are not needed: a writer is an async callable that takes a batch of rows and returns
what became of each. Address and API key come from the environment of the process that calls it.
"""

import asyncio
import importlib
import math
import sys
import time
from collections.abc import AsyncIterator
from typing import Any, ClassVar, Final

import attrs

from talon_async._extras import PARQUET, require
from talon_async._validators import instance_or_none
from talon_async.bulk._columns import Mapping
from talon_async.bulk._context import Run
from talon_async.bulk._gate import Gate
from talon_async.bulk._jobs import Job
from talon_async.bulk._kinds import ADVANCED_EVENTS, AUDIENCE_MEMBERS, EVENTS, PROFILES, Kind
from talon_async.bulk._options import Options
from talon_async.bulk._patience import Patience
from talon_async.bulk._rows import Row
from talon_async.bulk._runner import Runner
from talon_async.bulk._sources import Source
from talon_async.bulk._values import Outcome
from talon_async.client import TalonClient
from talon_async.errors import ConfigurationError

__all__ = ["AdvancedEventWriter", "AudienceWriter", "EventWriter", "ProfileWriter", "Writer"]

require(PARQUET, user=__name__, extra="ray")
_arrow: Final[Any] = importlib.import_module("pyarrow")
_TEXT: Final = _arrow.string()


@attrs.frozen
class _Session:
    """What the calls of one writer on one event loop share."""

    talon: TalonClient
    gate: Gate
    patience: Patience


@attrs.frozen(kw_only=True, slots=False, eq=False)
class Writer:
    """Sends batches of rows. Its subclasses say of which kind.

    An actor, or any other process, has one client for each event loop, from the environment variables
    ``TALON_BASE_URL`` and ``TALON_API_KEY``; it is opened with the first batch. Copies and pickles share only
    the settings.

    Attributes:
        name: The name of the job. Requests of jobs with the same name and rows have the same idempotency
            keys.
        rate: The most requests per second of one actor, evenly spaced: its share of the rate of all.
        in_flight: The most requests in flight of one actor; fewer while the service does not handle more.
        patience: How many seconds may pass without a success, before the job stops.
        mapping: Where the columns of the rows go.
        id_column: The column with the ID of each row; it is not sent, unless `mapping` says where.
    """

    _kind: ClassVar[Kind]

    name: str
    rate: float
    in_flight: int = 32
    patience: float = 300.0
    mapping: Mapping | None = attrs.field(default=None, validator=instance_or_none(Mapping, "a bulk.Mapping"))
    id_column: str | None = None
    _sessions: dict[asyncio.AbstractEventLoop, _Session] = attrs.field(init=False, repr=False, factory=dict)

    def __attrs_post_init__(self) -> None:
        _ = self._options, self._job  # which check the settings

    async def __call__(self, batch: Any) -> Any:
        """Send a batch.

        Args:
            batch: A `pyarrow.Table`, or what `pyarrow.table` makes one of, such as a mapping of columns.

        Returns:
            A `pyarrow.Table` with a row for each row of the batch, in its order: `id` (if there is an
            `id_column`), `key` (the customer, or the event), `outcome` (``applied``, ``refused`` or
            ``unknown``), `field` and `reason`.

        Raises:
            ConfigurationError: A variable is missing, or a column has no place.
            JobStoppedError: The API key is not accepted, the service responds in a way that concerns no row,
                or nothing succeeds for too long.
        """
        table = _arrow.table(batch)
        session = self._session()
        outcomes: list[Outcome] = []

        async def collect(completed: list[Outcome]) -> None:
            outcomes.extend(completed)

        run = Run(
            talon=session.talon,
            kind=attrs.evolve(self._kind, lanes=self._lanes(len(table))),
            name=self.name,
            options=self._options,
            gate=session.gate,
            patience=session.patience,
            journal=None,
            fraction=lambda: None,
            emit=collect,
            clock=time.monotonic,
        )
        await Runner(run).run(self._rows(table))
        outcomes.sort(key=lambda outcome: outcome.number)
        columns = {
            "key": [outcome.key for outcome in outcomes],
            "outcome": [outcome.status for outcome in outcomes],
            "field": [outcome.field for outcome in outcomes],
            "reason": [outcome.reason for outcome in outcomes],
        }
        ids = {} if self.id_column is None else {"id": table.column(self.id_column)}
        return _arrow.table(ids | {name: _arrow.array(texts, _TEXT) for name, texts in columns.items()})

    async def aclose(self) -> None:
        """Close the client of the running event loop. Actors of Ray need not: they end with their process."""
        session = self._sessions.pop(asyncio.get_running_loop(), None)
        if session is not None:
            await session.talon.aclose()

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_sessions": {}}

    def _session(self) -> _Session:
        loop = asyncio.get_running_loop()
        session = self._sessions.get(loop)
        if session is None:
            talon = TalonClient.from_env(timeout=30.0, deadline=60.0, max_connections=512)
            gate = Gate(rate=self.rate, in_flight=self.in_flight)
            session = self._sessions[loop] = _Session(talon, gate, Patience(seconds=self.patience))
        return session

    def _lanes(self, rows: int) -> int:
        """As many lanes as the rows fill; with full requests only, an uneven lane would need another."""
        most = self._kind.max_rows
        return 1 if rows <= most else min(self._kind.lanes, math.ceil(rows / most / 0.9))

    async def _rows(self, table: Any) -> AsyncIterator[list[Row]]:
        columns = table.column_names
        source = Source(rows=_each(table), columns=columns)
        # Where the column is missing, reading the first row says so.
        ids = table.column(self.id_column).to_pylist() if self.id_column in columns else ()
        async for rows in self._job.read(source, keep=False):
            if self.id_column is not None:
                for row in rows:
                    given = ids[row.number - 1]
                    row.id = str(given)
                    if given is None:
                        row.part, row.problem = None, (self.id_column, "required")
            yield rows

    @property
    def _job(self) -> Job:
        mapping = self.mapping
        if self.id_column is not None:
            mapping = mapping or Mapping()
            mapping = attrs.evolve(mapping, columns={self.id_column: "-", **mapping.columns})
        return Job(self._kind, (), self.name, mapping)

    @property
    def _options(self) -> Options:
        return Options(
            rate=self.rate,
            in_flight=self.in_flight,
            journal=None,
            dead_letters=None,
            on_progress=None,
            patience=self.patience,
            max_refused=sys.maxsize,
        )


async def _each(table: Any) -> AsyncIterator[object]:
    for batch in table.to_batches(max_chunksize=1000):
        for row in batch.to_pylist():
            yield row


class ProfileWriter(Writer):
    """Creates or updates profiles, like `bulk.profiles`: 1000 in a request.

    A block that Ray repeats sets the same values.
    """

    _kind = PROFILES


class EventWriter(Writer):
    """Tracks events, like `bulk.events`: one in a request.

    It needs an `id_column`: an event with the same ID and content counts once within 24 hours, however often
    and wherever Ray repeats its block.
    """

    _kind = EVENTS

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        if self.id_column is None:
            raise ConfigurationError("id_column: expected the column with the ID of each event")


class AdvancedEventWriter(Writer):
    """Tracks advanced events, like `bulk.advanced_events`: one in a request.

    An event whose `integration_id` exists already counts as applied.
    """

    _kind = ADVANCED_EVENTS


class AudienceWriter(Writer):
    """Adds customers to audiences and removes them, like `bulk.audience_members`: 1000 in a request.

    A block that Ray repeats changes nothing.
    """

    _kind = AUDIENCE_MEMBERS
