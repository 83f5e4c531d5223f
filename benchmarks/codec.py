"""JSON documents without a network: decode, encode, drift detection, and the choice of JSON library."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import cattrs
import msgspec
import orjson

from benchmarks.attrs_by_default import default_converter
from benchmarks.measure import LIMIT_OF_JSON, OURS, PROVIDER, Case, Pace, Prepare, Target, compare, repeat
from benchmarks.payloads import CART_SIZE, large_response, session_request
from benchmarks.workers import Bounds
from talon_async._codec.converter import RESPONSES, structure
from talon_async._codec.scope import FULL, TOLERANT, Scope
from talon_async._codec.shapes import ModelOf
from talon_async._codec.validation import find_drift
from talon_async._operations.sessions import UPDATE_CUSTOMER_SESSION
from talon_async.models import IntegrationRequest, IntegrationStateV2


def cases(pace: Pace, bounds: Bounds) -> Iterator[Case]:
    """Measure everything that is done with documents."""
    response = f"response of {len(_response()) / 1000:.0f} KB"
    request = f"request of {CART_SIZE} items"
    yield compare(
        "codec",
        f"decode, {response}",
        {
            OURS: _decode,
            PROVIDER: _decode_provider,
            LIMIT_OF_JSON: _loads_orjson,
            "cattrs' own hooks": _decode_cattrs,
        },
        pace,
        bounds,
        (Target(1 / 3.7, PROVIDER), Target(2.7, LIMIT_OF_JSON)),
    )
    yield compare(
        "codec",
        f"encode, {request}",
        {OURS: _encode, PROVIDER: _encode_provider, LIMIT_OF_JSON: _dumps_orjson},
        pace,
        bounds,
        (Target(1 / 3, PROVIDER),),
    )
    readers: dict[str, Prepare] = {"orjson": _loads_orjson, "msgspec": _loads_msgspec, "json": _loads_json}
    writers: dict[str, Prepare] = {"orjson": _dumps_orjson, "msgspec": _dumps_msgspec, "json": _dumps_json}
    yield compare("JSON", f"loads, {response}, untyped", readers, pace, bounds)
    yield compare("JSON", f"dumps, {request}, untyped", writers, pace, bounds)
    yield compare(
        "drift",
        f"models from parsed {response}",
        {
            OURS: _structure,
            "with tolerant validation": _structure_tolerant,
            "with full validation": _structure_full,
        },
        pace,
        bounds,
    )


def _response() -> bytes:
    return orjson.dumps(large_response())


def _decode() -> Callable[[int], object]:
    body = _response()
    return repeat(lambda: UPDATE_CUSTOMER_SESSION.decode(200, body))


def _decode_provider() -> Callable[[int], object]:
    import talon_one

    text = _response()
    # Its client decodes the body to text, parses that with `json` and passes it to `from_dict`.
    return repeat(lambda: talon_one.IntegrationStateV2.from_json(text.decode()))


def _decode_cattrs() -> Callable[[int], object]:
    converter: cattrs.Converter = default_converter()
    body = _response()
    return repeat(lambda: converter.structure(orjson.loads(body), IntegrationStateV2))


def _encode() -> Callable[[int], object]:
    request = RESPONSES.structure(session_request(), IntegrationRequest)
    return repeat(lambda: UPDATE_CUSTOMER_SESSION.encode(request, customer_session_id="cart-1"))


def _encode_provider() -> Callable[[int], object]:
    import talon_one

    client: Any = talon_one.ApiClient(talon_one.Configuration(host="http://127.0.0.1"))
    request = talon_one.IntegrationRequest.from_dict(session_request())

    def encode() -> bytes:
        _method, _url, _headers, body, _post = client.param_serialize(
            "PUT",
            "/v2/customer_sessions/{customerSessionId}",
            path_params={"customerSessionId": "cart-1"},
            body=request,
        )
        return json.dumps(body).encode()

    return repeat(encode)


def _loads_orjson() -> Callable[[int], object]:
    body = _response()
    return repeat(lambda: orjson.loads(body))


def _loads_msgspec() -> Callable[[int], object]:
    body = _response()
    decoder: msgspec.json.Decoder[Any] = msgspec.json.Decoder()
    return repeat(lambda: decoder.decode(body))


def _loads_json() -> Callable[[int], object]:
    body = _response()
    return repeat(lambda: json.loads(body))


def _dumps_orjson() -> Callable[[int], object]:
    document = session_request()
    return repeat(lambda: orjson.dumps(document))


def _dumps_msgspec() -> Callable[[int], object]:
    document = session_request()
    encoder = msgspec.json.Encoder()
    return repeat(lambda: encoder.encode(document))


def _dumps_json() -> Callable[[int], object]:
    document = session_request()
    return repeat(lambda: json.dumps(document).encode())


def _structure() -> Callable[[int], object]:
    document = large_response()
    return repeat(lambda: structure(_STATE, document))


def _structure_tolerant() -> Callable[[int], object]:
    return _structure_and_validate(TOLERANT)


def _structure_full() -> Callable[[int], object]:
    return _structure_and_validate(FULL)


def _structure_and_validate(scope: Scope) -> Callable[[int], object]:
    document = large_response()

    def run() -> None:
        structure(_STATE, document)
        find_drift(_STATE, document, scope)

    return repeat(run)


_STATE = ModelOf(IntegrationStateV2)
