"""What a run of a job stands on."""

from collections.abc import Awaitable, Callable

import attrs

from talon_async.bulk._dead_letters import DeadLetters
from talon_async.bulk._gate import Gate
from talon_async.bulk._journal import Journal
from talon_async.bulk._kinds import Kind
from talon_async.bulk._options import Options
from talon_async.bulk._patience import Patience
from talon_async.bulk._values import Outcome
from talon_async.client import TalonClient


@attrs.frozen(kw_only=True)
class Run:
    """What a run of a job stands on.

    Attributes:
        talon: The client.
        kind: The kind of the job.
        name: The name of the job.
        options: The options of the run.
        gate: Admits its requests.
        patience: Waits after failures, and ends the job when nothing succeeds.
        journal: Its journal; `None` if it has none.
        keys_expired: Whether an earlier run ended so long ago that the service has forgotten its keys.
        dead_letters: The file of the rows that are not applied.
        fraction: How much of the input has been read.
        emit: Called with the outcomes of each chunk; `None` if nobody reads them.
        clock: Returns the time, in seconds.
    """

    talon: TalonClient
    kind: Kind
    name: str
    options: Options
    gate: Gate
    patience: Patience
    journal: Journal | None
    keys_expired: bool = False
    dead_letters: DeadLetters | None = None
    fraction: Callable[[], float | None]
    emit: Callable[[list[Outcome]], Awaitable[None]] | None = None
    clock: Callable[[], float]
