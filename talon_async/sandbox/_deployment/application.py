"""The configuration of a deployment: its Application, campaigns, programs, catalogs and keys."""

from collections.abc import Mapping

import attrs

from talon_async.sandbox._campaigns.campaign import RunningCampaign
from talon_async.sandbox._domain.achievements import Achievement
from talon_async.sandbox._domain.attributes import AttributeDeclarations, check_declarations
from talon_async.sandbox._domain.catalogs import CartItemCatalog
from talon_async.sandbox._domain.giveaways import GiveawayPool
from talon_async.sandbox._domain.loyalty.programs import LoyaltyProgram, implicit_program
from talon_async.sandbox._errors import bad_field


@attrs.frozen(kw_only=True)
class Application:
    """What is set up; requests never change it.

    Attributes:
        api_key: The API key clients must send.
        testing_key: The API key whose requests are all dry runs; `None` if there is none.
        attributes: The declared attributes; `None` accepts any attribute.
        achievements: The achievements, by ID.
        campaigns: The campaigns in evaluation order, by ID.
        catalogs: The cart item catalogs, by ID; carts use the first one.
        giveaway_pools: The giveaway pools, by ID.
        loyalty_programs: The loyalty programs, by ID.

    Raises:
        ValueError: A key is empty, both keys are the same, or a declared entity or type is unknown.
    """

    api_key: str
    testing_key: str | None = None
    attributes: AttributeDeclarations | None = None
    achievements: Mapping[int, Achievement] = attrs.field(factory=dict[int, Achievement])
    campaigns: Mapping[int, RunningCampaign] = attrs.field(factory=dict[int, RunningCampaign])
    catalogs: Mapping[int, CartItemCatalog] = attrs.field(factory=dict[int, CartItemCatalog])
    giveaway_pools: Mapping[int, GiveawayPool] = attrs.field(factory=dict[int, GiveawayPool])
    loyalty_programs: Mapping[int, LoyaltyProgram] = attrs.field(factory=dict[int, LoyaltyProgram])

    def __attrs_post_init__(self) -> None:
        for name, key in (("api_key", self.api_key), ("testing_key", self.testing_key)):
            if key is not None and not key.strip():
                raise ValueError(f"{name}: expected at least 1 character, found {key!r}")
        if self.testing_key == self.api_key:
            raise ValueError("testing_key: expected a key other than the api_key")
        check_declarations(self.attributes or {})

    def with_campaign(self, running: RunningCampaign) -> "Application":
        """Copy it with one more campaign."""
        return attrs.evolve(self, campaigns={**self.campaigns, running.id: running})

    def with_achievement(self, achievement: Achievement) -> "Application":
        """Copy it with one more achievement.

        Raises:
            ValueError: Its ID or name is taken, or its campaign does not exist.
        """
        if any(
            achievement.id == other.id or achievement.name == other.name
            for other in self.achievements.values()
        ):
            raise ValueError(
                f"achievements: the ID {achievement.id} or the name {achievement.name!r} is taken"
            )
        if achievement.campaign_id not in self.campaigns:
            raise ValueError(f"achievements: there is no campaign {achievement.campaign_id}")
        return attrs.evolve(self, achievements={**self.achievements, achievement.id: achievement})

    def require_campaign(self, campaign_id: int) -> RunningCampaign:
        """Find the campaign that a request body names.

        Raises:
            ApiError: It does not exist; status 400.
        """
        if campaign_id not in self.campaigns:
            raise bad_field("/campaignId", f"there is no campaign {campaign_id}")
        return self.campaigns[campaign_id]

    def cart_catalog(self) -> CartItemCatalog:
        """The catalog that carts use."""
        return next(iter(self.catalogs.values()), CartItemCatalog())

    def loyalty_program(self, program_id: int) -> LoyaltyProgram:
        """Find a loyalty program; an ID that is not set up stands for a profile-based program."""
        return self.loyalty_programs.get(program_id) or implicit_program(program_id)
