"""Imports: the package exports every public name and loads modules on first use."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

import talon_async
from talon_async import models

PACKAGE = Path(talon_async.__file__).parent

# The public names that are not models, stated a second time on purpose: adding or removing one is a decision.
NAMES = {
    "__version__",
    "Attempt",
    "AuthenticationError",
    "BadRequestError",
    "CallError",
    "CallOptions",
    "CallSummary",
    "CallTimeoutError",
    "CertificateError",
    "CircuitBreaker",
    "CircuitOpenError",
    "ClientClosedError",
    "ClientStateError",
    "ConfigurationError",
    "ConflictError",
    "CountedListing",
    "DeadlineExceededError",
    "Drift",
    "ErrorDetail",
    "InvalidRequestError",
    "JournalError",
    "MissingPackagesError",
    "Listing",
    "MoreListing",
    "NotFoundError",
    "PermissionDeniedError",
    "RateLimitError",
    "RawResponse",
    "ResponseDecodeError",
    "ResponseTooLargeError",
    "RetryPolicy",
    "ServerError",
    "ServiceConnectionError",
    "ServiceUnavailableError",
    "StatusError",
    "TalonClient",
    "TalonError",
    "Timeout",
    "accepted_codes",
    "effects_of",
    "from_dict",
    "rejected_codes",
    "to_dict",
    "to_json",
    "total_discount",
}


def loaded_by(statement: str) -> set[str]:
    """The modules that a statement loads in a fresh interpreter."""
    program = f"import json, sys\nbefore = set(sys.modules)\n{statement}\n"
    program += "print(json.dumps(sorted(set(sys.modules) - before)))"
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, check=True, text=True)
    return set(json.loads(done.stdout))


def domains(modules: set[str]) -> set[str]:
    """The domains of models among modules."""
    return {name.split(".")[2] for name in modules if name.startswith("talon_async.models.")}


def test_the_package_alone_loads_nothing_heavy() -> None:
    """`import talon_async` loads no HTTP library, no converter and no model."""
    loaded = loaded_by("import talon_async")
    packages = {name.split(".")[0] for name in loaded}
    assert not packages & {"aiohttp", "anyio", "attrs", "cattrs", "httpx", "orjson", "starlette", "uvicorn"}
    assert {name for name in loaded if name.startswith("talon_async")} == {
        "talon_async",
        "talon_async._lazy",
        "talon_async._version",
        "talon_async.models",
    }


def test_a_model_loads_only_its_domain() -> None:
    """A model loads its domain and the models' base, and no HTTP library."""
    loaded = loaded_by("from talon_async import CartItem")
    assert domains(loaded) == {"base", "sessions"}
    assert not {name.split(".")[0] for name in loaded} & {"aiohttp", "cattrs", "httpx", "starlette"}


def test_an_error_loads_no_models() -> None:
    """Code that only handles errors loads neither models nor HTTP libraries."""
    loaded = loaded_by("from talon_async import TalonError")
    assert domains(loaded) == set()
    assert not {name.split(".")[0] for name in loaded} & {"aiohttp", "cattrs", "httpx", "starlette"}


def test_the_client_loads_models_on_first_use() -> None:
    """An unused client has loaded no domain of models and no server."""
    made = 'from talon_async import TalonClient\nTalonClient("https://shop.invalid", api_key="k")'
    loaded = loaded_by(made)
    assert domains(loaded) <= {"base"}
    assert not {name.split(".")[0] for name in loaded} & {"starlette", "uvicorn", "typer"}
    assert not {name for name in loaded if name.startswith(("talon_async.sandbox", "talon_async.testing"))}


def test_the_client_loads_no_command_line() -> None:
    """Importing the client loads neither httpx's command line nor a server, and httpx works as ever."""
    loaded = loaded_by("import talon_async.client, httpx; httpx.AsyncClient; httpx.main")
    assert not loaded & {"click", "rich", "pygments", "httpx._main", "aiohttp.web", "uvicorn"}


def test_bulk_loads_its_modules_on_first_use() -> None:
    """`import talon_async.bulk` loads neither the client nor a package for Parquet or clusters."""
    loaded = loaded_by("import talon_async.bulk")
    assert {name for name in loaded if name.startswith("talon_async.bulk")} == {"talon_async.bulk"}
    assert not {name.split(".")[0] for name in loaded} & {"aiohttp", "attrs", "httpx", "pyarrow", "ray"}
    used = loaded_by("from talon_async.bulk import Mapping, profiles, run")
    assert not {name.split(".")[0] for name in used} & {"pyarrow", "ray"}


def test_the_writers_for_ray_load_no_ray() -> None:
    """`talon_async.bulk.ray` needs pyarrow, and not Ray."""
    packages = {name.split(".")[0] for name in loaded_by("import talon_async.bulk.ray")}
    assert "pyarrow" in packages
    assert "ray" not in packages


def test_the_public_names_are_stated() -> None:
    """The package exports the names above, the models' names, and no other."""
    assert set(dir(talon_async)) == NAMES | set(dir(models))
    assert not NAMES & set(dir(models))


@pytest.mark.parametrize("name", dir(talon_async))
def test_public_names_resolve(name: str) -> None:
    """Every exported name can be accessed, and is the same object the next time."""
    value = getattr(talon_async, name)
    assert getattr(talon_async, name) is value


@pytest.mark.parametrize("name", ["CartItems", "sessions_", "_nothing"])
def test_unknown_names_do_not_resolve(name: str) -> None:
    """An unknown name raises `AttributeError` with the name, and importing it raises `ImportError`."""
    with pytest.raises(AttributeError, match=f"no attribute '{name}'"):
        getattr(talon_async, name)
    with pytest.raises(ImportError, match=name):
        exec(f"from talon_async import {name}", {})  # noqa: S102


def test_type_checkers_see_the_same_names() -> None:
    """Type checkers see the exported names: those above, and all models."""
    seen: set[str] = set()
    for node in ast.walk(ast.parse((PACKAGE / "__init__.py").read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            aliases = {alias.asname for alias in node.names if alias.asname}
            seen |= aliases or {f"{node.module}.*" for alias in node.names if alias.name == "*"}
    assert seen == NAMES | {"talon_async.models.*"}
