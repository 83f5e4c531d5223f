"""The sandbox from plain Python, where packages of its extra are not installed."""

import subprocess
import sys

import pytest

PROGRAM = """if True:
    import sys
    from importlib.machinery import PathFinder

    class Hiding:
        @staticmethod
        def find_spec(name, path=None, target=None):
            return None if name == {package!r} else PathFinder.find_spec(name, path, target)

    sys.meta_path[sys.meta_path.index(PathFinder)] = Hiding

    from talon_async import MissingPackagesError
    from talon_async.sandbox import Deployment, Sandbox, create_app

    try:
        {call}
    except ImportError as error:
        assert type(error) is MissingPackagesError
        print(error)
"""


@pytest.mark.parametrize(
    ("call", "package"),
    [
        ("Sandbox()", "uvicorn"),
        ("Sandbox()", "starlette"),
        ("Sandbox()", "jinja2"),
        ("create_app(Deployment())", "starlette"),
        ("create_app(Deployment())", "jinja2"),
    ],
)
def test_missing_packages_are_a_typed_error(call: str, package: str) -> None:
    """Without the extra, `Sandbox()` and `create_app` raise an `ImportError` that says what to install."""
    program = PROGRAM.format(call=call, package=package)
    process = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    name = call.partition("(")[0]
    assert process.stdout == f'{name} needs more packages: pip install "talon_async[sandbox]"\n'


def test_the_app_does_not_need_the_server() -> None:
    """An app for another server, or in process, does not need uvicorn."""
    program = PROGRAM.format(call="print(callable(create_app(Deployment())))", package="uvicorn")
    process = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert process.stdout == "True\n"
