"""Customer sessions: carts, from the first item to the closed order and its returns."""

from datetime import datetime

from talon_async._operations.sessions import (
    GET_CUSTOMER_SESSION,
    REOPEN_CUSTOMER_SESSION,
    RETURN_CART_ITEMS,
    UPDATE_CUSTOMER_SESSION,
)
from talon_async._transport.caller import Caller
from talon_async.models.base import UNSET, Unset
from talon_async.models.integration import (
    IntegrationCustomerSessionResponse,
    IntegrationRequest,
    IntegrationStateV2,
    ReopenSessionResponse,
    ReturnIntegrationRequest,
    ReturnResponseContent,
    SessionResponseContent,
)
from talon_async.models.sessions import NewCustomerSessionV2, NewReturn, ReturnedCartItem

__all__ = ["Sessions"]


class Sessions(Caller):
    """Customer sessions, identified by your integration ID, such as the ID of a cart."""

    async def get(self, session_id: str) -> IntegrationCustomerSessionResponse:
        """Get a session and its current effects (`getCustomerSession`).

        The effects exclude those that were rolled back, and their rollbacks.

        Args:
            session_id: The integration ID of the session.

        Raises:
            InvalidRequestError: The session ID is empty; nothing was sent.
            CallError: The call failed.
        """
        return await self._pipeline.call(GET_CUSTOMER_SESSION, customer_session_id=session_id)

    async def update(
        self,
        session_id: str,
        session: NewCustomerSessionV2,
        *,
        response_content: list[SessionResponseContent | str] | Unset = UNSET,
        dry: bool | Unset = UNSET,
        now: datetime | Unset = UNSET,
        idempotency_key: str | None = None,
    ) -> IntegrationStateV2:
        """Create or update a session and evaluate the promotion rules (`updateCustomerSessionV2`).

        Attributes of `session` that are `UNSET` keep their stored values. Closing the session redeems its
        codes and makes its point changes final. After that, only `reopen`, `return_items` and an update to
        the state ``cancelled`` can change it.

        Args:
            session_id: The integration ID of the session.
            session: The values to set; at most 1000 cart items with at most 10,000 units in total.
            response_content: What the response includes in addition to effects, created coupons and created
                referrals. ``campaignEligibility`` requires `dry`.
            dry: Whether to evaluate only the data of this request and store nothing (default: `False`).
            now: The time of the evaluation, in the future; requires `dry`.
            idempotency_key: Your own ``Idempotency-Key``, 1 to 255 printable ASCII characters (default: a new
                one). The service answers a second request with the same key with its first response.

        Raises:
            InvalidRequestError: The request is not valid; nothing was sent.
            BadRequestError: The service refused the request; `errors` names the fields.
            ConflictError: Too many concurrent requests change the session or its profile.
            CallError: The call failed for another reason.
        """
        return await self._pipeline.with_idempotency_key(idempotency_key).call(
            UPDATE_CUSTOMER_SESSION,
            IntegrationRequest(customer_session=session, response_content=response_content),
            customer_session_id=session_id,
            dry=dry,
            now=now,
        )

    async def reopen(self, session_id: str, *, idempotency_key: str | None = None) -> ReopenSessionResponse:
        """Reopen a closed session (`reopenCustomerSession`).

        The redemption of codes and the use of budgets are rolled back. Pending points are always rolled back,
        active points only if the return policy of the loyalty program allows it.

        Args:
            session_id: The integration ID of the session.
            idempotency_key: Your own ``Idempotency-Key``, 1 to 255 printable ASCII characters (default: a new
                one). The service answers a second request with the same key with its first response.

        Returns:
            The rollback effects.

        Raises:
            InvalidRequestError: The session ID is empty; nothing was sent.
            CallError: The call failed.
        """
        return await self._pipeline.with_idempotency_key(idempotency_key).call(
            REOPEN_CUSTOMER_SESSION, customer_session_id=session_id
        )

    async def return_items(
        self,
        session_id: str,
        items: list[ReturnedCartItem],
        *,
        response_content: list[ReturnResponseContent | str] | Unset = UNSET,
        dry: bool | Unset = UNSET,
        run_rule_engine: bool | Unset = UNSET,
        idempotency_key: str | None = None,
    ) -> IntegrationStateV2:
        """Return items of a closed session (`returnCartItems`).

        The session becomes ``partially_returned``. The discounts and points of the items are rolled back.

        Args:
            session_id: The integration ID of the session.
            items: The items to return, by position in the cart or by SKU.
            response_content: What the response includes in addition to the effects.
            dry: Whether to store nothing (default: `False`).
            run_rule_engine: Whether to reevaluate campaigns after the return (default: `False`): those with
                `Campaign.reevaluate_on_return` that had an effect when the session was closed.
            idempotency_key: Your own ``Idempotency-Key``, 1 to 255 printable ASCII characters (default: a new
                one). The service answers a second request with the same key with its first response.

        Raises:
            InvalidRequestError: The request is not valid; nothing was sent.
            BadRequestError: The service refused the request; `errors` names the fields.
            CallError: The call failed for another reason.
        """
        return await self._pipeline.with_idempotency_key(idempotency_key).call(
            RETURN_CART_ITEMS,
            ReturnIntegrationRequest(
                return_=NewReturn(returned_cart_items=items), response_content=response_content
            ),
            customer_session_id=session_id,
            dry=dry,
            run_rule_engine=run_rule_engine,
        )
