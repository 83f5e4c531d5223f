"""Customer profiles: the people behind the carts."""

from talon_async.models.base import UNSET, Unset
from talon_async.models.integration import CustomerProfileIntegrationResponseV2
from talon_async.models.profiles import CustomerProfileIntegrationRequestV2
from talon_async.operations import UPDATE_CUSTOMER_PROFILE
from talon_async.resources.base import Resource


class Profiles(Resource):
    """Customer profiles; a profile is named by an identifier of your own."""

    async def update(
        self,
        integration_id: str,
        profile: CustomerProfileIntegrationRequestV2,
        *,
        run_rule_engine: bool | Unset = UNSET,
        dry: bool | Unset = UNSET,
    ) -> CustomerProfileIntegrationResponseV2:
        """Create or change a profile (`updateCustomerProfileV2`).

        Args:
            integration_id: Your identifier of the profile.
            profile: What to set; attributes that it does not name stay as they are.
            run_rule_engine: Whether the promotion rules evaluate the change; without it there are no
                effects, and the profile's `response_content` has no use.
            dry: Whether to keep nothing; it means something only together with `run_rule_engine`.

        Raises:
            InvalidRequestError: The API would refuse the request; nothing was sent.
            BadRequestError: The service refused it; the error's `errors` say where.
            ConflictError: Too many requests touch the profile at once.
            CallError: The call did not succeed for another reason.
        """
        return await self._pipeline.call(
            UPDATE_CUSTOMER_PROFILE,
            profile,
            integration_id=integration_id,
            run_rule_engine=run_rule_engine,
            dry=dry,
        )
