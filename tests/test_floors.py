"""The house: imports run downward, rooms keep what is theirs, and one room knows the HTTP libraries."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import talon_async

PACKAGE = Path(talon_async.__file__).parent
ROOT = PACKAGE.name

# The table of the design: floor, and the rooms that share a row of it. Rooms of one row may use each other.
ROWS: list[tuple[int, set[str]]] = [
    (9, {"cli", "__main__"}),
    (8, {"testing", "sandbox", "contract"}),
    (7, {"client"}),
    (6, {"resources"}),
    (5, {"pagination"}),
    (4, {"transport"}),
    (3, {"operation", "operations", "request_checks"}),
    (2, {"codec"}),
    (1, {"models"}),
    (1, {"config", "errors"}),
    (0, {"_version"}),
]
FLOOR = {room: floor for floor, rooms in ROWS for room in rooms}
ROW = {room: row for row, (_, rooms) in enumerate(ROWS) for room in rooms}
# Hands on the names of all rooms, each when it is first asked for.
HANDS_ON = "__init__"
# What no room below may do although its floor would let it.
NEVER: dict[str, set[str]] = {
    "sandbox": {"client", "resources", "pagination", "transport"},
    "contract": {"client", "resources", "pagination", "transport"},
}
KNOW_HTTP = {"transport", "client", "testing"}
HTTP_LIBRARIES = {"httpx", "aiohttp"}


def room_of(module: str) -> str:
    """The room that a module of the package belongs to; the package itself hands on."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else HANDS_ON


def modules() -> dict[str, str]:
    """The source of every module, by its name."""
    sources: dict[str, str] = {}
    for path in PACKAGE.rglob("*.py"):
        parts = [ROOT, *path.relative_to(PACKAGE).with_suffix("").parts]
        sources[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path.read_text("utf-8")
    return sources


def imported(module: str, source: str) -> Iterator[tuple[str, str]]:
    """Every import of a source, wherever it stands: the module, and the name taken from it, if any."""
    is_package = (PACKAGE / Path(*module.split(".")[1:]) / "__init__.py").exists()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = module.split(".")[: -node.level + is_package or None]
                base = ".".join([*above, base]).rstrip(".")
            for alias in node.names:
                if base == ROOT and alias.name in FLOOR:
                    yield f"{ROOT}.{alias.name}", ""  # a room, taken from the package
                else:
                    yield base, alias.name


def faults(module: str, source: str) -> list[str]:
    """What a module imports against the rules of the house."""
    room = room_of(module)
    found: list[str] = []
    for target, name in imported(module, source):
        whole = f"{target}.{name}".rstrip(".")
        if target.split(".")[0] in HTTP_LIBRARIES and room not in KNOW_HTTP:
            found.append(f"{module} knows {target}")
        if target.split(".")[0] != ROOT or room == HANDS_ON:
            continue
        other = room_of(target)
        if other == HANDS_ON:
            found.append(f"{module} takes {name or ROOT} from the package, not from its room")
        elif other not in FLOOR:
            found.append(f"{module} imports {target}, which has no floor")
        elif other != room:
            if ROW[other] != ROW[room] and FLOOR[other] >= FLOOR[room]:
                found.append(f"{module} reaches up to {target}")
            if other in NEVER.get(room, set()):
                found.append(f"{module} stands on {target}")
            inside = whole.split(".")[2:]
            if any(part.startswith("_") and not part.startswith("__") for part in inside):
                found.append(f"{module} takes {whole}, which is {other}'s own")
    return found


def test_every_module_has_a_floor() -> None:
    """A new room gets its place in the table before it is built."""
    assert {room_of(module) for module in modules()} - {HANDS_ON} <= set(FLOOR)


@pytest.mark.parametrize(("module", "source"), modules().items(), ids=modules().keys())
def test_imports_run_downward(module: str, source: str) -> None:
    """No module reaches up, into another room's own names, or for an HTTP library that is not its affair."""
    assert faults(module, source) == []


@pytest.mark.parametrize(
    ("module", "source", "fault"),
    [
        ("codec.json", "from talon_async.operation import Operation", "reaches up"),
        ("codec.json", "import talon_async.client", "reaches up"),
        ("codec.json", "from talon_async import operations", "reaches up"),
        ("codec.json", "from ..transport import pipeline", "reaches up"),
        ("codec.json", "from .. import client", "reaches up"),
        ("codec.json", "def late():\n    from talon_async.client import TalonClient", "reaches up"),
        ("codec.json", "if TYPE_CHECKING:\n    from talon_async.client import TalonClient", "reaches up"),
        ("models.base", "from talon_async.errors import TalonError", "reaches up"),
        ("errors", "from talon_async.models import CartItem", "reaches up"),
        ("transport.pipeline", "from talon_async.resources.base import Resource", "reaches up"),
        ("operations", "from talon_async import CartItem", "not from its room"),
        ("operations", "import talon_async", "not from its room"),
        ("operations", "from talon_async.attic import box", "no floor"),
        ("sandbox.app", "from talon_async.client import TalonClient", "stands on"),
        ("sandbox.app", "from talon_async.transport import engine", "stands on"),
        ("client", "from talon_async.transport.engine import _Body", "own"),
        ("client", "from talon_async.transport import _secret", "own"),
        ("client", "import talon_async.transport._secret", "own"),
        ("sandbox.app", "import httpx", "knows httpx"),
        ("resources.base", "from aiohttp.abc import Anything", "knows aiohttp"),
    ],
)
def test_faults_are_found(module: str, source: str, fault: str) -> None:
    """Each kind of import that the rules forbid is noticed, wherever in a module it stands."""
    (found,) = faults(f"{ROOT}.{module}", source)
    assert fault in found


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("codec.json", "from talon_async.models.base import Model\nimport orjson"),
        ("codec.drift", "from talon_async.codec.shapes import _private\nfrom . import shapes"),
        ("operations", "from talon_async.operation import Operation\nfrom talon_async import models"),
        ("config", "from talon_async.errors import ConfigurationError"),
        ("transport.pipeline", "import httpx\nfrom talon_async._version import __version__"),
        ("client", "def late():\n    from talon_async.resources.events import Events"),
        (
            "testing.plugin",
            "from talon_async.sandbox import Sandbox\nfrom talon_async.client import TalonClient",
        ),
        ("cli", "from talon_async.sandbox import Sandbox"),
    ],
)
def test_what_is_allowed_is_no_fault(module: str, source: str) -> None:
    """Imports within a room, within a row, and downward are ordinary."""
    assert faults(f"{ROOT}.{module}", source) == []
