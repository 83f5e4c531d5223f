"""Ordinary uses of every method of every resource, never run: the type checkers must accept them."""

from datetime import datetime
from typing import Any, assert_type

from talon_async import (
    UNSET,
    AchievementProgress,
    AchievementStatusEntry,
    ActivateLoyaltyPointsResponse,
    AddItemCatalogAction,
    Audience,
    AudienceReference,
    BestPriorPrice,
    BestPriorPriceRequest,
    CardLedgerPointsEntryIntegrationAPI,
    CardLedgerTransactionLogEntryIntegrationAPI,
    CartItem,
    Catalog,
    CatalogAction,
    CountedPage,
    Coupon,
    CustomerInventory,
    CustomerProfile,
    CustomerProfileAudienceRequestItem,
    CustomerProfileIntegrationRequestV2,
    CustomerProfileIntegrationResponseV2,
    CustomerSessionV2,
    Effect,
    Event,
    EventV3,
    IntegrationCampaign,
    IntegrationCustomerSessionResponse,
    IntegrationEventV2Request,
    IntegrationEventV2Response,
    IntegrationEventV3Request,
    IntegrationEventV3Response,
    IntegrationStateV2,
    InventoryCoupon,
    LedgerPointsEntryIntegrationAPI,
    LedgerTransactionLogEntryIntegrationAPI,
    LoyaltyBalancesWithTiers,
    LoyaltyBalanceWithTier,
    LoyaltyCard,
    LoyaltyCardBalances,
    LoyaltyLedgerEntry,
    MorePage,
    MultipleCustomerProfileIntegrationRequestItem,
    MultipleCustomerProfileIntegrationResponseV2,
    NewAudience,
    NewCustomerSessionV2,
    NewReferral,
    NewReferralsForMultipleAdvocates,
    ProfileAudiencesChanges,
    RawResponse,
    Referral,
    RemoveManyItemsCatalogAction,
    ReopenSessionResponse,
    ReturnedCartItem,
    TalonClient,
)
from talon_async.pagination import Listing


async def sessions(talon: TalonClient, moment: datetime) -> None:
    """The methods of `sessions`."""
    session = NewCustomerSessionV2(
        profile_id="customer-7",
        state="closed",
        cart_items=[
            CartItem(name="Sneakers", sku="S-1", quantity=1, price=99.0, attributes={"Color": "red"})
        ],
        coupon_codes=["WELCOME10"],
    )
    state = await talon.sessions.update(
        "cart-1", session, response_content=["customerSession", "somethingNew"], dry=True, now=moment
    )
    assert_type(state, IntegrationStateV2)
    assert_type(state.effects, list[Effect])
    assert_type(state.created_coupons, list[Coupon])
    assert_type(state.customer_session, CustomerSessionV2 | None)
    assert_type(state.customer_profile, CustomerProfile | None)
    assert_type(state.event, Event | None)
    assert_type(state.extra, dict[str, Any] | None)
    if state.customer_session is not None:
        assert_type(state.customer_session.total, float)
        assert_type(state.customer_session.created, datetime)
        assert_type(state.customer_session.cart_items, list[CartItem])
    await talon.sessions.update("cart-1", session, dry=UNSET)

    stored = await talon.sessions.get("cart-1")
    assert_type(stored, IntegrationCustomerSessionResponse)
    assert_type(stored.effects, list[Effect] | None)
    assert_type(await talon.sessions.reopen("cart-1"), ReopenSessionResponse)
    returned = await talon.sessions.return_items(
        "cart-1",
        [ReturnedCartItem(position=0, quantity=1), ReturnedCartItem(sku="S-1")],
        response_content=["previousReturns"],
        run_rule_engine=True,
    )
    assert_type(returned, IntegrationStateV2)

    await talon.sessions.get(17)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    await talon.sessions.update("cart-1", session, True)  # type: ignore[call-arg, arg-type]  # pyright: ignore[reportCallIssue]


async def profiles(talon: TalonClient, moment: datetime) -> None:
    """The methods of `profiles`."""
    response = await talon.profiles.update(
        "customer-7",
        CustomerProfileIntegrationRequestV2(
            attributes={"Name": "Jo", "Tags": ["a", "b"]},
            response_content=["customerProfile"],
            audiences_changes=ProfileAudiencesChanges(adds=[1], deletes=[]),
        ),
        run_rule_engine=True,
        dry=False,
    )
    assert_type(response, CustomerProfileIntegrationResponseV2)
    assert_type(response.customer_profile, CustomerProfile | None)
    inventory = await talon.profiles.inventory("customer-7", coupons=True, achievements=UNSET)
    assert_type(inventory, CustomerInventory)
    assert_type(inventory.coupons, list[InventoryCoupon] | None)
    await talon.profiles.delete_data("customer-7")

    achievements = talon.profiles.achievements(
        "customer-7", achievement_status=["active", "somethingNew"], page_size=100
    )
    assert_type(achievements, Listing[AchievementStatusEntry, CountedPage[AchievementStatusEntry]])
    async for entry in achievements:
        assert_type(entry, AchievementStatusEntry)
    async for page in achievements.pages():
        assert_type(page, CountedPage[AchievementStatusEntry])
        assert_type(page.data, list[AchievementStatusEntry])
    assert_type((await achievements.page()).total_result_size, int)
    history = talon.profiles.achievement_history("customer-7", 9, start_date=moment, skip=5)
    assert_type([entry async for entry in history], list[AchievementProgress])
    assert_type(await history.page(), CountedPage[AchievementProgress])
    talon.profiles.achievements("customer-7", 100)  # type: ignore[call-arg, arg-type]  # pyright: ignore[reportCallIssue]


async def many_profiles(
    talon: TalonClient, profiles: list[MultipleCustomerProfileIntegrationRequestItem], silent: bool
) -> None:
    """Whether `update_many` returns a response depends on `silent`."""
    loud = await talon.profiles.update_many(profiles, silent=False)
    assert_type(loud, MultipleCustomerProfileIntegrationResponseV2)
    either = await talon.profiles.update_many(profiles, silent=silent)
    assert_type(either, MultipleCustomerProfileIntegrationResponseV2 | None)
    await talon.profiles.update_many(profiles, silent=True)
    await talon.profiles.update_many(profiles, silent=UNSET)
    nothing: None = await talon.profiles.update_many(profiles)  # type: ignore[func-returns-value]
    print(nothing)


async def events(talon: TalonClient, silent: bool) -> None:
    """The methods of `events`; whether there is a response depends on `silent`."""
    event = IntegrationEventV2Request(type="Seen", profile_id="customer-7", attributes={"Page": 3})
    assert_type(await talon.events.track(event, silent=False), IntegrationEventV2Response)
    assert_type(
        await talon.events.track(event, silent=False, dry=True, force_complete_evaluation=True),
        IntegrationEventV2Response,
    )
    assert_type(await talon.events.track(event, silent=silent), IntegrationEventV2Response | None)
    await talon.events.track(event)
    await talon.events.track(event, silent=True)
    await talon.events.track(event, silent=UNSET, dry=True)
    nothing: None = await talon.events.track(event)  # type: ignore[func-returns-value]
    print(nothing)

    advanced = IntegrationEventV3Request(type="Seen", profile_id="customer-7", integration_id="event-1")
    assert_type(await talon.events.track_advanced(advanced, silent=False), IntegrationEventV3Response)
    for response in (
        await talon.events.track_advanced(advanced),
        await talon.events.track_advanced(advanced, silent=True),
        await talon.events.track_advanced(advanced, silent=silent, dry=True),
    ):
        assert_type(response, IntegrationEventV3Response | None)
    stored = await talon.events.get("event-1")
    assert_type(stored, EventV3)
    assert_type(stored.effects, list[Effect | list[Any]])
    await talon.events.track_advanced(event)  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType, reportCallIssue]


async def points_of_profiles(talon: TalonClient, moment: datetime) -> None:
    """The methods of `loyalty.profiles`."""
    points = talon.loyalty.profiles(1, "customer-7")
    balances = await points.balances(end_date=moment, subledger_id="sub-1", include_tiers=True)
    assert_type(balances, LoyaltyBalancesWithTiers)
    assert_type(balances.subledger_balances, dict[str, LoyaltyBalanceWithTier] | None)
    earned = points.points(status="pending", subledger_ids=["sub-1"], sort="-startDate")
    assert_type(earned, Listing[LedgerPointsEntryIntegrationAPI, MorePage[LedgerPointsEntryIntegrationAPI]])
    async for entry in earned:
        assert_type(entry, LedgerPointsEntryIntegrationAPI)
    async for page in earned.pages():
        assert_type(page, MorePage[LedgerPointsEntryIntegrationAPI])
    assert_type((await earned.page()).has_more, bool)
    log = points.transactions(loyalty_transaction_type="manual", awaits_activation=True, page_size=5)
    assert_type([entry async for entry in log], list[LedgerTransactionLogEntryIntegrationAPI])
    assert_type(await log.page(), MorePage[LedgerTransactionLogEntryIntegrationAPI])
    await points.delete_transactions("SelectedSubledgers", subledger_ids=[""])
    await points.join()
    talon.loyalty.profiles("1", "customer-7")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


async def points_on_cards(talon: TalonClient, moment: datetime) -> None:
    """The methods of `loyalty.cards`."""
    card = talon.loyalty.cards(1, "CARD-7")
    assert_type(await card.balances(end_date=moment, subledger_ids=["sub-1"]), LoyaltyCardBalances)
    earned = card.points(customer_session_ids=["cart-1"], transaction_uuids=["t-1"])
    assert_type([entry async for entry in earned], list[CardLedgerPointsEntryIntegrationAPI])
    async for page in earned.pages():
        assert_type(page, MorePage[CardLedgerPointsEntryIntegrationAPI])
    assert_type(await earned.page(), MorePage[CardLedgerPointsEntryIntegrationAPI])
    log = card.transactions(start_date=moment, end_date=moment, skip=5)
    async for entry in log:
        assert_type(entry, CardLedgerTransactionLogEntryIntegrationAPI)
    assert_type(await log.page(), MorePage[CardLedgerTransactionLogEntryIntegrationAPI])
    assert_type(await card.link("customer-7"), LoyaltyCard)
    assert_type(await card.unlink("customer-7"), LoyaltyCard)


async def loyalty_programs(talon: TalonClient) -> None:
    """The methods of `loyalty.program`."""
    program = talon.loyalty.program(1)
    assert_type(await program.generate_card(), LoyaltyCard)
    card = await program.generate_card(
        card_identifier="CARD-7", status="inactive", customer_profile_ids=["customer-7"]
    )
    assert_type(card.identifier, str)
    activated = await program.activate_points(session_id="cart-1")
    assert_type(activated, ActivateLoyaltyPointsResponse)
    assert_type(activated.ledger_entries, list[LoyaltyLedgerEntry] | None)
    await program.activate_points(transaction_uuids=["t-1"])
    await program.activate_points("cart-1")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]


async def coupons(talon: TalonClient) -> None:
    """The methods of `coupons`."""
    assert_type(await talon.coupons.reserve("CODE", ["customer-7"]), Coupon)
    await talon.coupons.release("CODE", ["customer-7"])
    assert_type(await talon.coupons.reserved_customers("CODE"), list[CustomerProfile])


async def referrals(talon: TalonClient, many: NewReferralsForMultipleAdvocates, silent: bool) -> None:
    """The methods of `referrals`; whether `create_many` returns a response depends on `silent`."""
    referral = NewReferral(campaign_id=3, advocate_profile_integration_id="customer-7", usage_limit=None)
    assert_type(await talon.referrals.create(referral), Referral)
    assert_type(await talon.referrals.create_many(many, silent=False), list[Referral])
    assert_type(await talon.referrals.create_many(many, silent=silent), list[Referral] | None)
    await talon.referrals.create_many(many)
    await talon.referrals.create_many(many, silent=True)
    nothing: None = await talon.referrals.create_many(many, silent=UNSET)  # type: ignore[func-returns-value]
    print(nothing)


async def audiences(talon: TalonClient) -> None:
    """The methods of `audiences`."""
    audience = await talon.audiences.create(NewAudience(name="Regulars"))
    assert_type(audience, Audience)
    assert_type(await talon.audiences.rename(audience.id, "Friends"), Audience)
    await talon.audiences.rename(audience.id, "Friends", subscribed_applications_ids=[3])
    change = CustomerProfileAudienceRequestItem(
        action="add", profile_integration_id="customer-7", audience_id=audience.id
    )
    await talon.audiences.update_members([change])
    await talon.audiences.update_attributes(audience.id, {"Tier": "gold", "Level": 3})
    await talon.audiences.clear(audience.id)
    await talon.audiences.delete(audience.id)


async def catalogs(talon: TalonClient, moment: datetime) -> None:
    """The methods of `catalogs`."""
    actions = [
        CatalogAction(type="ADD", payload=AddItemCatalogAction(sku="S-1", price=99, product=None)),
        CatalogAction(type="somethingNew", payload=RemoveManyItemsCatalogAction()),
    ]
    catalog = await talon.catalogs.sync(31, actions, version=2)
    assert_type(catalog, Catalog)
    assert_type(catalog.modified, datetime)
    request = BestPriorPriceRequest(
        skus=["S-1"], timeframe="30", timeframe_end_date=moment, timeframe_end_date_type="strict"
    )
    prices = await talon.catalogs.best_prior_prices(request)
    assert_type(prices, list[BestPriorPrice])
    assert_type([price.target.audience for price in prices], list[AudienceReference | None])


async def campaigns(talon: TalonClient, moment: datetime) -> None:
    """The method of `campaigns`."""
    listing = talon.campaigns.list(campaign_ids=["3"], start_after=moment, store_id=41, page_size=1000)
    assert_type(listing, Listing[IntegrationCampaign, MorePage[IntegrationCampaign]])
    async for campaign in listing:
        assert_type(campaign, IntegrationCampaign)
    async for page in listing.pages():
        assert_type(page.data, list[IntegrationCampaign])
    assert_type(await listing.page(), MorePage[IntegrationCampaign])
    raw = await talon.with_raw_response(listing.page)()
    assert_type(raw, RawResponse[MorePage[IntegrationCampaign]])
