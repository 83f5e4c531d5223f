"""Ordinary uses of the client, never run: mypy and basedpyright must accept them in strict mode."""

import ssl
from collections.abc import Mapping
from typing import Any, Literal, assert_type

import httpx

from talon_async import (
    EFFECT_PROPS,
    UNSET,
    AcceptCouponEffectProps,
    AddLoyaltyPointsEffectProps,
    Attempt,
    AuthenticationError,
    CallError,
    CallOptions,
    CallSummary,
    CallTimeoutError,
    CartItem,
    CircuitBreaker,
    CircuitOpenError,
    ClientClosedError,
    DeadlineExceededError,
    Drift,
    Effect,
    ErrorDetail,
    IntegrationEventV2Request,
    IntegrationEventV2Response,
    IntegrationStateV2,
    InvalidRequestError,
    NewCustomerSessionV2,
    RawResponse,
    RejectCouponEffectProps,
    ReopenSessionResponse,
    ResponseDecodeError,
    ResponseTooLargeError,
    RetryPolicy,
    SetDiscountEffectProps,
    StatusError,
    TalonClient,
    TalonError,
    Timeout,
    UnknownEffectProps,
    Unset,
)
from talon_async.models import EffectType


def misspelled() -> None:
    """A misspelled name is an error, although names are imported lazily."""
    from talon_async import CartItm  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]

    print(CartItm)  # pyright: ignore[reportUnknownArgumentType]


def report(drift: Drift) -> None:
    """A hook for drift."""
    print(drift.path, drift.kind)


def measure(attempt: Attempt) -> None:
    """A hook for attempts."""
    assert_type((attempt.operation, attempt.number, attempt.elapsed), tuple[str, int, float])
    assert_type((attempt.status, attempt.delay), tuple[int | None, float | None])
    assert_type(attempt.error, CallError | None)


def measure_call(call: CallSummary) -> None:
    """A hook for calls."""
    assert_type((call.operation, call.attempts), tuple[str, int])
    assert_type((call.queued, call.elapsed), tuple[float, float])
    assert_type((call.status, call.error), tuple[int | None, BaseException | None])


async def configuration(context: ssl.SSLContext) -> None:
    """Every setting, by its type."""
    async with TalonClient("https://shop.invalid", api_key="k") as talon:
        assert_type(talon, TalonClient)
        assert_type(talon.circuit_state, Literal["closed", "open", "half-open"])
    TalonClient(
        "https://shop.invalid",
        api_key="k",
        timeout=Timeout(connect=1, read=2.5),
        deadline=3,
        max_connections=10,
        max_response_bytes=1_000_000,
        retry=RetryPolicy(attempts=2, first_delay=0.05, max_delay=1),
        circuit_breaker=CircuitBreaker(failures=3, open_seconds=1.5),
        max_in_flight_per_key=3,
        strict=True,
        on_drift=report,
        on_attempt=measure,
        on_call=measure_call,
        proxy="http://proxy.invalid",
        ssl_context=context,
        allow_http=False,
    )
    TalonClient("https://shop.invalid", api_key="k", max_in_flight_per_key=None)
    TalonClient("https://shop.invalid", api_key="k", timeout=1.5, http_client=httpx.AsyncClient())
    TalonClient("https://shop.invalid", api_key="k", transport=httpx.AsyncHTTPTransport())
    assert_type(TalonClient.from_env(deadline=1), TalonClient)
    TalonClient.from_env(dead_line=1)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    TalonClient.from_env(strict="no")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    assert_type(talon.with_options(deadline=1), TalonClient)
    talon.with_options(strict=True)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    TalonClient("https://shop.invalid")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    TalonClient("https://shop.invalid", "k")  # type: ignore[arg-type, call-arg]  # pyright: ignore[reportCallIssue]
    await talon.aclose()
    await talon.aclose(drain=2.5)


def effects(effect: Effect) -> str:
    """Effects: matching on the class of their properties narrows the type."""
    match effect.props:
        case AcceptCouponEffectProps(value=code):
            return assert_type(code, str)
        case RejectCouponEffectProps(value=code, rejection_reason=reason):
            return assert_type(code, str) + str(reason)
        case SetDiscountEffectProps(name=name, value=value):
            assert_type(value, float)
            return assert_type(name, str)
        case AddLoyaltyPointsEffectProps() as points:
            return f"{points.value:.2f}"
        case UnknownEffectProps() as unknown:
            return repr(unknown.raw)
        case None:
            return "no properties"
        case _:
            return effect.effect_type


def effect_types(effect: Effect) -> bool:
    """The supported types of effects are known by name; a newer type is a text."""
    discounts: list[EffectType] = ["setDiscount", "setDiscountPerItem"]
    discounts.append("setDiscuont")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    if effect.effect_type == "somethingNew":
        effect.effect_type = "evenNewer"
    print(EFFECT_PROPS.get(effect.effect_type))
    return effect.effect_type in discounts


def requests() -> None:
    """In a request, `UNSET`, null and empty are three values of one attribute."""
    session = NewCustomerSessionV2()
    assert_type(session.coupon_codes, list[str] | Unset | None)
    for codes in (UNSET, None, [], ["WELCOME10"]):
        session.coupon_codes = codes
    session.state = "somethingNew"
    session.cart_items = [CartItem(sku="S-1", quantity=2, name=None, price=UNSET)]
    if session.coupon_codes:
        assert_type(session.coupon_codes, list[str])
    NewCustomerSessionV2(coupon_codes="WELCOME10")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    CartItem(quantity=1)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    CartItem("S-1", 1)  # type: ignore[call-arg, arg-type]  # pyright: ignore[reportCallIssue]


async def options(talon: TalonClient) -> None:
    """Options of single calls."""
    other = talon.with_options(
        timeout=0.5,
        deadline=2,
        retry=RetryPolicy(attempts=1),
        headers={"X-Trace": "t-1"},
    )
    assert_type(other, TalonClient)
    assert_type(await other.sessions.reopen("cart-1", idempotency_key="order-17"), ReopenSessionResponse)
    assert_type(talon.with_options(timeout=Timeout(read=1)), TalonClient)
    assert_type(CallOptions(timeout=1).timeout, Timeout | None)


async def raw(talon: TalonClient) -> None:
    """Raw responses take the arguments of the method and have its model's type."""
    update = talon.with_raw_response(talon.sessions.update)
    response = await update("cart-1", NewCustomerSessionV2(), dry=True)
    assert_type(response, RawResponse[IntegrationStateV2])
    assert_type(response.model, IntegrationStateV2)
    assert_type(response.status, int)
    assert_type(response.headers, Mapping[str, str])
    assert_type(response.body, bytes)
    assert_type(response.json, Any)
    assert_type(response.attempts, int)
    assert_type(response.elapsed, float)
    await update("cart-1")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    loud = await talon.with_raw_response(talon.events.track)(
        IntegrationEventV2Request(type="Seen"), silent=False
    )
    assert_type(loud.model, IntegrationEventV2Response)


async def failures(talon: TalonClient) -> None:
    """The attributes of each error."""
    try:
        await talon.sessions.get("cart-1")
    except InvalidRequestError as refused:
        assert_type(refused.field, str)
        assert_type(refused.reason, str)
    except AuthenticationError as error:
        assert_type(error.status, int)
    except StatusError as error:
        assert_type(error.errors, tuple[ErrorDetail, ...])
        assert_type(error.headers, dict[str, str])
        assert_type(error.body, bytes)
        assert_type([detail.pointer for detail in error.errors], list[str])
    except DeadlineExceededError as late:
        assert_type(late.last_status, int | None)
    except CallTimeoutError as slow:
        print(slow.phase == "pool")
        print(slow.phase == "never")  # type: ignore[comparison-overlap]  # pyright: ignore[reportUnnecessaryComparison]
    except ResponseDecodeError as error:
        assert_type(error.drifts, tuple[Drift, ...])
        assert_type(error.path, str)
    except ResponseTooLargeError as large:
        assert_type(large.limit, int)
    except CircuitOpenError as ended:
        assert_type(ended.retry_after, float | None)
    except ClientClosedError as ended:
        assert_type(ended.sent, bool)
    except CallError as error:
        assert_type((error.operation, error.attempts, error.sent), tuple[str, int, bool])
    except TalonError:
        raise
