"""Error responses: both of the service's formats, and responses of gateways."""

import pickle
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from talon_async import (
    AuthenticationError,
    BadRequestError,
    ConflictError,
    ErrorDetail,
    NotFoundError,
    PermissionDeniedError,
    RateLimitError,
    ResponseDecodeError,
    ServerError,
    StatusError,
)
from talon_async._operations.events import TRACK_EVENT
from talon_async._operations.sessions import GET_CUSTOMER_SESSION
from tests.instances import JSON

ENTRIES = [
    {"title": "Unknown", "details": "no such attribute", "source": {"pointer": "/attributes/Color"}},
    {"title": "Invalid type", "source": {"parameter": "dry", "line": "N/A"}},
    {"title": "enum"},
]
DETAILS = (
    ErrorDetail("Unknown", "no such attribute", pointer="/attributes/Color"),
    ErrorDetail("Invalid type", parameter="dry"),
    ErrorDetail("enum"),
)


def error_of(status: int, body: bytes) -> StatusError:
    """The error that a response raises."""
    with pytest.raises(StatusError) as caught:
        GET_CUSTOMER_SESSION.decode(status, body, headers={"x-request": "7"})
    return caught.value


@pytest.mark.parametrize(
    ("status", "cls"),
    [
        (400, BadRequestError),
        (401, AuthenticationError),
        (403, PermissionDeniedError),
        (404, NotFoundError),
        (409, ConflictError),
        (429, RateLimitError),
        (500, ServerError),
        (502, ServerError),
        (503, ServerError),
        (599, ServerError),
        (302, StatusError),
        (304, StatusError),
        (418, StatusError),
        (199, StatusError),
    ],
)
@pytest.mark.parametrize("status_field", [{}, {"StatusCode": 400}], ids=["plain", "with status"])
def test_each_status_has_its_class(status: int, cls: type[StatusError], status_field: dict[str, int]) -> None:
    """Both formats raise the same error, whose class depends on the HTTP status and not on the body."""
    body = orjson.dumps({"message": "The data was invalid", "errors": ENTRIES} | status_field)
    error = error_of(status, body)
    assert type(error) is cls
    assert (error.status, error.reason, error.errors) == (status, "The data was invalid", DETAILS)
    assert (error.body, error.headers, error.operation) == (body, {"x-request": "7"}, "getCustomerSession")


def test_an_error_message_has_every_detail() -> None:
    """The error's message has the operation, the status, the service's message and each entry."""
    body = orjson.dumps({"message": "The data was invalid", "errors": ENTRIES})
    assert str(error_of(400, body)) == (
        "getCustomerSession: HTTP 400: The data was invalid; "
        "Unknown: no such attribute (/attributes/Color); Invalid type (dry); enum"
    )


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "no body"),
        (b" \n", "no body"),
        (b"upstream timed out", "upstream timed out"),
        (
            b"<html><head><title>502 Bad Gateway</title></head>\n<body><h1>502</h1></body></html>",
            "502 Bad Gateway 502",
        ),
        (b"\xff\xfe\x00", "\ufffd\ufffd\x00"),
        (b"[]", "[]"),
        (b"null", "null"),
        (b'"limit reached"', '"limit reached"'),
        (b"{}", "{}"),
        (b'{"message": null}', '{"message": null}'),
        (b'{"message": "", "errors": []}', '{"message": "", "errors": []}'),
        (
            b'{"error": {"code": 7, "text": "upstream down"}}',
            '{"error": {"code": 7, "text": "upstream down"}}',
        ),
        (b'{"detail": "Not Found"}', '{"detail": "Not Found"}'),
        (b'{"Message": "Forbidden"}', '{"Message": "Forbidden"}'),
        (b'{"errors": ["text"]}', '{"errors": ["text"]}'),
        (b'{"type": "about:blank", "title": "Busy"}', '{"type": "about:blank", "title": "Busy"}'),
        (b'{"message": "cut of', '{"message": "cut of'),
        (b"x" * 100_000, "x" * 200),
    ],
)
def test_an_unknown_body_is_quoted_in_short(body: bytes, reason: str) -> None:
    """For a body in no known format, `reason` is a short excerpt without markup, and `body` is complete."""
    error = error_of(502, body)
    assert (error.reason, error.errors, error.body) == (reason, (), body)


ODD_ERRORS: list[tuple[Any, tuple[ErrorDetail, ...]]] = [
    ("text", ()),
    ({"title": "an object"}, ()),
    (None, ()),
    ([1, None, "text", []], ()),
    ([{}], (ErrorDetail("error"),)),
    ([{"title": 7, "details": 8, "source": "here"}], (ErrorDetail("7", "8"),)),
    (
        [{"title": None, "source": {"pointer": None, "parameter": 9}}],
        (ErrorDetail("error", parameter="9"),),
    ),
    ([5, {"title": "good"}], (ErrorDetail("good"),)),
]


@pytest.mark.parametrize(("errors", "details"), ODD_ERRORS)
def test_invalid_entries_are_skipped(errors: Any, details: tuple[ErrorDetail, ...]) -> None:
    """Invalid entries are skipped, valid ones are decoded, and the error keeps its class."""
    error = error_of(400, orjson.dumps({"message": "m", "errors": errors, "StatusCode": "four hundred"}))
    assert type(error) is BadRequestError
    assert (error.reason, error.errors) == ("m", details)


def test_an_envelope_without_a_message_is_not_quoted_beside_its_entries() -> None:
    """Entries of ``errors`` say what is wrong without a message too."""
    error = error_of(400, orjson.dumps({"errors": ENTRIES}))
    assert (error.reason, error.errors) == ("no message", DETAILS)


@pytest.mark.parametrize(
    ("headers", "body", "request_id"),
    [
        ({"x-request-id": "7f"}, b"", "7f"),
        ({"requestuuid": "7f"}, b"", "7f"),
        ({"x-amzn-requestid": "7f"}, b"", "7f"),
        ({"cf-ray": "7f"}, b"", "7f"),
        ({"x-request-id": "7f", "cf-ray": "8a"}, b'{"requestId": "9c"}', "7f"),
        ({"x-request-id": ""}, b'{"RequestUUID": "9c"}', "9c"),
        ({}, b'{"message": "no", "requestId": 9}', "9"),
        ({}, b'["RequestUUID"]', None),
        ({}, b"", None),
    ],
)
def test_an_error_has_the_id_of_its_request(
    headers: dict[str, str], body: bytes, request_id: str | None
) -> None:
    """`request_id` is what the service or a gateway calls the request, for a question to their support."""
    with pytest.raises(StatusError) as caught:
        GET_CUSTOMER_SESSION.decode(502, body, headers=headers)
    assert caught.value.request_id == request_id
    assert pickle.loads(pickle.dumps(caught.value)).request_id == request_id  # noqa: S301  our own


@pytest.mark.parametrize("entry", [{}, ENTRIES[0], {"title": "t" * 10_000, "details": ["d"] * 10_000}])
def test_the_details_of_an_error_are_bounded(entry: Any) -> None:
    """An error has at most 100 entries, each with short texts; all of them stay in its body."""
    body = orjson.dumps({"message": "m" * 10_000, "errors": [entry] * 1000})
    error = error_of(400, body)
    assert len(error.errors) == 100
    texts = [error.reason, *(text for each in error.errors for text in (each.title, each.details))]
    assert max(map(len, texts)) == 2000
    assert error.body == body


@pytest.mark.parametrize(
    ("location", "host"),
    [
        ("https://login.example:8443/sso?key=1", "login.example:8443"),
        ("https://user:passw0rd@login.example/", "login.example"),
        ("//login.example/sso", "login.example"),
        ("/v3/elsewhere", "the same host"),
        ("https://[broken", "an address that is not valid"),
    ],
)
def test_a_redirect_names_its_host(location: str, host: str) -> None:
    """The error of a redirect says where it leads, without path, query and password."""
    with pytest.raises(StatusError) as caught:
        GET_CUSTOMER_SESSION.decode(302, b"<p>Found</p>", headers={"location": location})
    assert caught.value.reason == f"redirect to {host}, not followed: Found"


def test_a_message_that_is_no_text_is_quoted() -> None:
    """Whatever stands for the message, `reason` is a text, and says it as the response does."""
    assert error_of(400, b'{"message": {"code": 7}}').reason == '{"message": {"code": 7}}'


def test_a_body_that_cannot_be_read_has_the_id_of_its_request() -> None:
    """A gateway's page in place of a model can be asked about too."""
    with pytest.raises(ResponseDecodeError) as caught:
        GET_CUSTOMER_SESSION.decode(200, b"<html>", headers={"x-request-id": "7f"})
    assert caught.value.request_id == "7f"


@settings(deadline=None, derandomize=True, max_examples=200)
@given(
    status=st.integers(100, 999).filter(lambda status: status // 100 != 2),
    body=st.binary()
    | JSON.map(orjson.dumps)
    | st.fixed_dictionaries({"message": JSON, "errors": JSON}).map(orjson.dumps),
)
def test_any_error_response_raises_its_error(status: int, body: bytes) -> None:
    """Any body of an error response raises the error of its status."""
    for operation in (GET_CUSTOMER_SESSION, TRACK_EVENT):
        with pytest.raises(StatusError) as caught:
            operation.decode(status, body)
        assert type(caught.value) is StatusError.class_for(status)
        assert (caught.value.status, caught.value.body) == (status, body)
        assert f"HTTP {status}" in str(caught.value)


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
@pytest.mark.parametrize("body", [b"", b" \r\n"])
def test_an_empty_success_decodes_to_none_where_optional(status: int, body: bytes) -> None:
    """The response to a silent event has no body; any 2xx status is a success."""
    assert TRACK_EVENT.decode(status, body) is None
