"""Customer sessions: carts, from the first item to the closed order and its returns."""

from datetime import datetime

from talon_async._operations.sessions import (
    GET_CUSTOMER_SESSION,
    REOPEN_CUSTOMER_SESSION,
    RETURN_CART_ITEMS,
    UPDATE_CUSTOMER_SESSION,
)
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
from talon_async.resources._base import Resource

__all__ = ["Sessions"]


class Sessions(Resource):
    """Customer sessions; a session is named by an identifier of your own, such as a cart's."""

    async def get(self, session_id: str) -> IntegrationCustomerSessionResponse:
        """Read a session and the effects that hold for it now (`getCustomerSession`).

        Effects that were rolled back are left out, and so are their rollbacks.

        Args:
            session_id: Your identifier of the session.

        Raises:
            InvalidRequestError: The identifier is empty.
            CallError: The call did not succeed.
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
    ) -> IntegrationStateV2:
        """Create or change a session, and learn what the rules make of it (`updateCustomerSessionV2`).

        What `session` leaves out stays as the session has it. Closing redeems its coupons and makes
        points and discounts final; a closed session changes only by `reopen`, `return_items`, or an
        update to the state ``cancelled``.

        Args:
            session_id: Your identifier of the session.
            session: What to set; at most 1000 cart items and 10,000 units in all.
            response_content: What the answer is to include besides effects and created codes.
            dry: Whether to evaluate only what is sent and keep nothing.
            now: The moment to evaluate at, later than now; only with `dry`.

        Raises:
            InvalidRequestError: The API would refuse the request; nothing was sent.
            BadRequestError: The service refused it; the error's `errors` say where.
            ConflictError: Too many requests touch the session or its profile at once.
            CallError: The call did not succeed for another reason.
        """
        return await self._pipeline.call(
            UPDATE_CUSTOMER_SESSION,
            IntegrationRequest(customer_session=session, response_content=response_content),
            customer_session_id=session_id,
            dry=dry,
            now=now,
        )

    async def reopen(self, session_id: str) -> ReopenSessionResponse:
        """Make a closed session open again (`reopenCustomerSession`).

        Codes and budgets are given back, pending points are taken back, and active ones where the
        loyalty program's return policy lets them go.

        Args:
            session_id: Your identifier of the session.

        Returns:
            The effects that undo what closing did.

        Raises:
            InvalidRequestError: The identifier is empty.
            CallError: The call did not succeed.
        """
        return await self._pipeline.call(REOPEN_CUSTOMER_SESSION, customer_session_id=session_id)

    async def return_items(
        self,
        session_id: str,
        items: list[ReturnedCartItem],
        *,
        response_content: list[ReturnResponseContent | str] | Unset = UNSET,
        dry: bool | Unset = UNSET,
        run_rule_engine: bool | Unset = UNSET,
    ) -> IntegrationStateV2:
        """Return items of a closed session (`returnCartItems`).

        Discounts and points that belong to the items are rolled back.

        Args:
            session_id: Your identifier of the session.
            items: What comes back, by its position in the cart or by SKU.
            response_content: What the answer is to include besides the effects.
            dry: Whether to keep nothing.
            run_rule_engine: Whether to evaluate anew, after the return, the campaigns that ask for it.

        Raises:
            InvalidRequestError: The API would refuse the request; nothing was sent.
            BadRequestError: The service refused it, as for a session that is not closed.
            CallError: The call did not succeed for another reason.
        """
        return await self._pipeline.call(
            RETURN_CART_ITEMS,
            ReturnIntegrationRequest(
                return_=NewReturn(returned_cart_items=items), response_content=response_content
            ),
            customer_session_id=session_id,
            dry=dry,
            run_rule_engine=run_rule_engine,
        )
