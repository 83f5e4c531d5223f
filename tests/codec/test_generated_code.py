"""Generated functions: their source shows in tracebacks, and they keep no state between documents."""

import traceback
from typing import Any

import orjson
import pytest

from talon_async import Drift
from talon_async._codec.converter import REQUESTS, RESPONSES
from talon_async._codec.drift_reporter import DriftReporter
from talon_async._operations.coupons import RESERVE_COUPON
from talon_async.models import CartItem, Coupon


def frames_of(error: BaseException) -> list[tuple[str, str, str | None]]:
    """The file, function and source line of each frame of a traceback."""
    frames = traceback.extract_tb(error.__traceback__)
    return [(frame.filename, frame.name, frame.line) for frame in frames]


def test_tracebacks_show_the_source_of_generated_functions() -> None:
    """A traceback through a generated function names the model and shows the line."""

    class Broken(dict[str, Any]):
        def __contains__(self, key: object) -> bool:
            raise RuntimeError(f"no {key}")

    with pytest.raises(RuntimeError) as caught:
        RESPONSES.structure(Broken(), Coupon)
    frames = frames_of(caught.value)
    assert ("<talon_async structure Coupon>", "structure_Coupon") in [frame[:2] for frame in frames]
    assert all(line for _, _, line in frames)


def test_functions_are_named_for_their_model() -> None:
    """Profilers distinguish the functions of different models by name."""
    item = CartItem(sku="S-1", quantity=1)
    assert RESPONSES.get_unstructure_hook(CartItem).__name__ == "unstructure_CartItem"
    assert REQUESTS.structure(REQUESTS.unstructure(item), CartItem) == item


def test_direct_use_of_the_converter_keeps_no_state() -> None:
    """What the converter reads on its own is never reported as drift of a later response."""
    found: list[Drift] = []
    RESPONSES.structure({"id": 7}, Coupon)
    coupon = {
        "id": 1,
        "created": "2026-05-01T12:00:00Z",
        "campaignId": 1,
        "value": "WELCOME10",
        "usageLimit": 0,
        "usageCounter": 0,
        "implicitlyReserved": False,
    }
    RESERVE_COUPON.decode(201, orjson.dumps(coupon), reporter=DriftReporter(hook=found.append))
    assert found == []
