"""Compares the document's schemas with the shapes of our models, field by field."""

from collections.abc import Mapping
from typing import Literal, get_origin

import attrs

from talon_async._codec.shapes import (
    Anything,
    DictOf,
    FieldShape,
    ListOf,
    ModelOf,
    ModelOrList,
    Scalar,
    Shape,
    Tagged,
    Timestamp,
    fields_of,
)
from talon_async.contract._document import Document, Schema
from talon_async.contract._extract import Node
from talon_async.models.base import Limit, Model

Kind = Literal["missing", "extra", "different"]


@attrs.frozen
class Place:
    """A place in the contract.

    Attributes:
        owner: The operation or component: ``CartItem``.
        step: The place in its owner: ``.sku``.
        route: The first route to it from an operation:
            ``updateCustomerSessionV2 > IntegrationRequest.customerSession.cartItems[].sku``.
    """

    owner: str = ""
    step: str = ""
    route: str = attrs.field(default="", eq=False)

    @property
    def name(self) -> str:
        """The same for every operation that uses it: ``CartItem.sku``."""
        return self.owner + self.step

    def __truediv__(self, step: str) -> "Place":
        return Place(self.owner, self.step + step, self.route + step)

    def within(self, component: str) -> "Place":
        """The same place, named after a component of the document."""
        return Place(component, "", self.route) if component else self


@attrs.frozen
class Difference:
    """A place where the document and the client differ.

    Attributes:
        kind: ``missing`` if only the document has the place, ``extra`` if only the client has it.
        place: The place.
        theirs: What the document states.
        ours: What the client states.
    """

    kind: Kind
    place: Place
    theirs: str
    ours: str


class Walk:
    """Walks schemas and shapes in parallel and collects their differences.

    Attributes:
        found: The differences; those of a component are listed once, however many operations use it.
        deprecated: The places that the document marks as deprecated.
        used: The compared models and their base classes.
    """

    def __init__(self, document: Document) -> None:
        self.document = document
        self.found: list[Difference] = []
        self.deprecated: list[Place] = []
        self.used: set[type] = set()
        self._compared: set[tuple[str, type[Model]]] = set()

    def equal(self, theirs: str, ours: str, place: Place) -> None:
        """Record a difference unless both sides are equal."""
        if theirs != ours:
            self.found.append(Difference("different", place, theirs, ours))

    def names(self, theirs: Mapping[str, str], ours: Mapping[str, str], place: Place, step: str) -> None:
        """Record each name that only one side has."""
        for name in sorted(theirs.keys() - ours.keys()):
            self.found.append(Difference("missing", place / f"{step}{name}", theirs[name], ""))
        for name in sorted(ours.keys() - theirs.keys()):
            self.found.append(Difference("extra", place / f"{step}{name}", "", ours[name]))

    def value(self, node: Node, shape: Shape, place: Place) -> None:
        """Compare a schema with a shape, and everything in them."""
        schema = self.document.read(node)
        if schema.deprecated:
            self.deprecated.append(place if "deprecated" in node else place.within(schema.name))
        match shape:
            case ModelOf(cls) if schema.kind == "object":
                self.model(schema, cls, place)
            case ListOf(item, limit) if schema.kind == "array":
                self.limit(schema, limit, place)
                self.value(schema.item, item, place / "[]")
            case DictOf(item) if schema.kind == "map":
                self.value(schema.item, item, place / "{}")
            case Tagged() if schema.kind == "tagged":
                self.tagged(schema, shape, place)
            case Scalar(name, _, members, limit) if schema.kind == name:
                self.limit(schema, limit, place)
                both = dict.fromkeys(schema.members, "member"), dict.fromkeys(members or (), "member")
                self.names(*both, place, " = ")
            case _:
                self.equal(self.describe(schema), describe_shape(shape), place / ": type")

    def limit(self, schema: Schema, limit: Limit | None, place: Place) -> None:
        """Compare the limits of values."""
        if schema.limit != (limit or Limit()):
            self.equal(_describe_limit(schema.limit), _describe_limit(limit or Limit()), place / ": limits")

    def model(self, schema: Schema, cls: type[Model], place: Place) -> None:
        """Compare an object with a model; a component is compared once."""
        origin = get_origin(cls) or cls
        self.used.update(origin.__mro__)
        if schema.name and (schema.name, cls) in self._compared:
            return
        self._compared.add((schema.name, cls))
        place = place.within(schema.name)
        self.equal(schema.name or origin.__name__, origin.__name__, place / ": name")
        fields = {field.wire: field for field in fields_of(cls)}
        theirs = dict.fromkeys(schema.required, "required, but undefined")
        theirs |= {name: self.describe(self.document.read(node)) for name, node in schema.properties.items()}
        self.names(theirs, {name: describe_shape(field.shape) for name, field in fields.items()}, place, ".")
        for name in schema.properties:
            if name in fields:
                self.field(schema, name, fields[name], place / f".{name}")

    def field(self, schema: Schema, name: str, field: FieldShape, place: Place) -> None:
        """Compare a property with a model's field."""
        node = schema.properties[name]
        value = self.document.read(node)
        required = name in schema.required
        self.equal(presence(required), presence(field.required), place / ": presence")
        # Our `None` also represents an absent optional value, and the value of a tag that has none.
        optional = not (required and field.required) or isinstance(field.shape, Tagged)
        if not (field.nullable and (optional or value.kind == "anything")):
            self.equal(_null(value.nullable), _null(field.nullable), place / ": null")
        self.equal(_source(value.read_only), _source(field.read_only), place / ": source")
        self.value(node, field.shape, place)

    def tagged(self, schema: Schema, shape: Tagged, place: Place) -> None:
        """Compare the models of each tag; a tag without a value has no schema."""
        ours = {tag: cls for tag, cls in shape.classes.items() if cls is not None}
        theirs = {tag: self.describe(self.document.read(node)) for tag, node in schema.alternatives.items()}
        self.names(theirs, {tag: describe_shape(ModelOf(cls)) for tag, cls in ours.items()}, place, " = ")
        for tag, node in schema.alternatives.items():
            if tag in ours:
                self.value(node, ModelOf(ours[tag]), place / f" = {tag}")

    def describe(self, schema: Schema) -> str:
        """Describe a schema briefly."""
        match schema.kind:
            case "array" | "map":
                return f"{schema.kind} of {self.describe(self.document.read(schema.item))}"
            case "object":
                return f"object {schema.name}".rstrip()
            case kind:
                return kind


def describe_shape(shape: Shape) -> str:
    """Describe a shape briefly."""
    match shape:
        case Scalar(name):
            return name
        case Timestamp():
            return "timestamp"
        case Anything():
            return "anything"
        case ListOf(item):
            return f"array of {describe_shape(item)}"
        case DictOf(item):
            return f"map of {describe_shape(item)}"
        case ModelOf(cls):
            return f"object {(get_origin(cls) or cls).__name__}"
        case ModelOrList(model, items):
            return f"{describe_shape(model)} or {describe_shape(items)}"
        case Tagged():
            return "tagged"


def presence(required: bool) -> str:
    """Describe whether a value must be present."""
    return "required" if required else "optional"


def _null(nullable: bool) -> str:
    return "may be null" if nullable else "never null"


def _source(read_only: bool) -> str:
    return "set by the service only" if read_only else "set by anyone"


def _describe_limit(limit: Limit) -> str:
    """Describe a limit, such as ``min_length=1, max_length=1000``."""
    given = attrs.asdict(limit, filter=lambda attribute, value: value != attribute.default)
    return ", ".join(f"{name}={value}" for name, value in given.items()) or "none"
