"""The files of an OpenAPI document: the document itself, and the files beside it that it refers to."""

import hashlib
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import attrs

from talon_async._codec.json import is_array, is_object, parse


class UnreadableDocumentError(Exception):
    """A file cannot be read as an OpenAPI document."""


@attrs.frozen
class Location:
    """A value in a file of the document.

    Attributes:
        file: The file.
        keys: The keys and indices that lead to the value.
    """

    file: Path
    keys: tuple[str | int, ...] = ()

    def __truediv__(self, key: str | int) -> "Location":
        return Location(self.file, (*self.keys, key))


class Files:
    """Reads the files of a document, each once; never a URL, and nothing outside the document's directory."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._contents: dict[Path, Any] = {}
        self._digest = hashlib.sha256()
        self.root = Location(path.resolve())
        self._read(self.root.file)

    @property
    def sha256(self) -> str:
        """The digest of the files read so far, in the order of reading."""
        return self._digest.hexdigest()

    def error(self, location: Location, reason: str) -> UnreadableDocumentError:
        """An error that names the file and the place in it."""
        pointer = "".join(f"/{key}" for key in location.keys) or "the document"
        return UnreadableDocumentError(f"{self._name(location.file)}: {pointer}: {reason}")

    def target(self, reference: object, location: Location) -> Location:
        """Find the target of a reference.

        Args:
            reference: The value of a ``$ref``.
            location: Where the reference is; files are relative to that file.

        Raises:
            UnreadableDocumentError: The target does not exist or may not be read.
        """
        if not isinstance(reference, str):
            raise self.error(location, f"expected a reference, found {reference!r:.40}")
        try:
            url = urlsplit(reference)
            file = (location.file.parent / unquote(url.path)).resolve() if url.path else location.file
        except (OSError, RuntimeError, ValueError):  # such as for a null byte, or symlinks in a circle
            raise self.error(location, f"unresolved reference: {reference!r}") from None
        if url.scheme or url.netloc:
            raise self.error(location, f"URLs are not fetched: {reference}")
        if not file.is_relative_to(self.root.file.parent):
            raise self.error(location, f"outside the document's directory: {reference}")
        if file not in self._contents:
            try:
                self._read(file)
            except UnreadableDocumentError as error:
                raise self.error(location, str(error)) from None
        target = Location(file)
        for key in unquote(url.fragment).split("/")[1:]:
            step = self._step(target, key.replace("~1", "/").replace("~0", "~"))
            if step is None:
                raise self.error(location, f"unresolved reference: {reference}")
            target = step
        return target

    def value(self, location: Location) -> Any:
        """The value at a location."""
        value = self._contents[location.file]
        for key in location.keys:
            value = value[key]
        return value

    def _step(self, location: Location, key: str) -> Location | None:
        """The location under a key, also where a reference stands for the object that has the key."""
        value = self.value(location)
        if is_array(value):
            return location / int(key) if key.isdecimal() and int(key) < len(value) else None
        if not is_object(value):
            return None
        # YAML reads an unquoted status as a number.
        for name in (key, int(key)) if key.isdecimal() else (key,):
            if name in value:
                return location / name
        return self._step(self.target(value["$ref"], location), key) if "$ref" in value else None

    def _name(self, file: Path) -> Path:
        """A file's path for errors, relative to the same directory as the path of the document."""
        if file == self.root.file:
            return self._path
        return self._path.parent / file.relative_to(self.root.file.parent)

    def _read(self, file: Path) -> None:
        try:
            text = file.read_bytes()
            content = parse(text) if file.suffix == ".json" else _parse_yaml(text)
        except OSError as error:
            raise UnreadableDocumentError(f"{self._name(file)}: {error.strerror}") from None
        except ValueError as error:
            raise UnreadableDocumentError(f"{self._name(file)}: {' '.join(str(error).split())}") from None
        except ModuleNotFoundError:
            raise UnreadableDocumentError(
                f"{self._name(file)}: YAML needs the package pyyaml: pip install 'talon-async[contract]'"
            ) from None
        self._digest.update(text)
        self._contents[file] = content


def _parse_yaml(text: bytes) -> Any:
    """Parse YAML with timestamps as text, as in JSON: examples have dates that do not exist."""
    import yaml

    # The loader in C takes a tenth of the time, where PyYAML was built with it.
    loader: Any = type("Loader", (getattr(yaml, "CSafeLoader", yaml.SafeLoader),), {})
    # PyYAML resolves a lone `=` to a type of its own that it cannot construct.
    for name in ("timestamp", "value"):
        loader.add_constructor(f"tag:yaml.org,2002:{name}", loader.construct_yaml_str)
    try:
        return yaml.load(text, loader)  # noqa: S506  safe
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from None
