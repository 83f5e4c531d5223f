"""Listings: the requests they send, the order of entries, and where a listing ends."""

import asyncio
import weakref
from collections.abc import Callable, Sequence
from typing import Any

import attrs
import httpx
import pytest

from talon_async import InvalidRequestError, NotFoundError, ResponseDecodeError, TalonClient
from talon_async.pagination import Listing
from tests.transport.support import mocked

Method = Callable[..., Listing[Any, Any]]

METHODS: dict[str, Callable[[TalonClient], Method]] = {
    "campaigns": lambda talon: talon.campaigns.list,
    "points of a profile": lambda talon: talon.loyalty.profiles(1, "customer-7").points,
    "transactions of a profile": lambda talon: talon.loyalty.profiles(1, "customer-7").transactions,
    "points of a card": lambda talon: talon.loyalty.cards(1, "CARD-7").points,
    "transactions of a card": lambda talon: talon.loyalty.cards(1, "CARD-7").transactions,
    "achievements": lambda talon: talon.profiles.achievements,
    "achievement history": lambda talon: talon.profiles.achievement_history,
}
REQUIRED = {"achievements": ("customer-7",), "achievement history": ("customer-7", 9)}
WITH_TOTAL = {"achievements", "achievement history"}
EACH_ENVELOPE = pytest.mark.parametrize("name", ["campaigns", "achievements"])


@attrs.define
class Service:
    """A service that returns a list in pages.

    Attributes:
        name: The listing's name in `METHODS`.
        entries: The number of entries.
        largest: The maximum number of entries per page.
        envelope: Fields that override those of each page.
        queries: The parameters of each request.
    """

    name: str
    entries: int = 5
    largest: int = 2
    envelope: dict[str, Any] = attrs.field(factory=dict)
    queries: list[dict[str, str]] = attrs.field(factory=list)

    async def respond(self, request: httpx.Request) -> httpx.Response:
        """Respond to a request, after other tasks ran."""
        await asyncio.sleep(0)
        query = dict(request.url.params)
        self.queries.append(query)
        assert len(self.queries) < 50, "the listing does not end"
        begin = int(query.get("skip", 0))
        end = begin + min(int(query.get("pageSize", 1000)), self.largest)
        about = (
            {"totalResultSize": self.entries} if self.name in WITH_TOTAL else {"hasMore": end < self.entries}
        )
        data = [{"name": f"entry {n}"} for n in range(begin, min(end, self.entries))]
        page = {**about, "data": data, **self.envelope}
        return httpx.Response(200, json={name: value for name, value in page.items() if value != "MISSING"})

    def client(self) -> TalonClient:
        """A client of the service."""
        return mocked(httpx.MockTransport(self.respond))

    def listing(self, talon: TalonClient, **arguments: Any) -> Listing[Any, Any]:
        """The listing that this service serves."""
        return METHODS[self.name](talon)(*REQUIRED.get(self.name, ()), **arguments)


def numbers(entries: Sequence[Any]) -> list[int]:
    """The numbers of entries of the service."""
    return [int(name_of(entry).removeprefix("entry ")) for entry in entries]


def name_of(entry: Any) -> str:
    """The name of an entry, which is in `extra` for models without a name."""
    name: str = getattr(entry, "name", None) or entry.extra["name"]
    return name


@pytest.mark.parametrize("name", METHODS)
async def test_iteration_yields_all_entries_in_order(name: str) -> None:
    """Iteration yields every entry once, in order, over as many pages as needed."""
    service = Service(name)
    async with service.client() as talon:
        assert numbers([entry async for entry in service.listing(talon)]) == [0, 1, 2, 3, 4]
    assert service.queries == [{}, {"skip": "2"}, {"skip": "4"}]


@EACH_ENVELOPE
@pytest.mark.parametrize(("entries", "requests"), [(0, 1), (1, 1), (2, 1), (3, 2), (4, 2)])
async def test_no_request_follows_the_last_page(name: str, entries: int, requests: int) -> None:
    """A page that is the last one, full or not, is the last request."""
    service = Service(name, entries=entries)
    async with service.client() as talon:
        assert len([entry async for entry in service.listing(talon)]) == entries
    assert len(service.queries) == requests


@EACH_ENVELOPE
async def test_an_empty_page_ends_a_listing(name: str) -> None:
    """An empty page ends a listing, even if it announces more entries."""
    service = Service(name, envelope={"hasMore": True, "totalResultSize": 100})
    async with service.client() as talon:
        assert numbers([entry async for entry in service.listing(talon)]) == [0, 1, 2, 3, 4]
    assert [query.get("skip") for query in service.queries] == [None, "2", "4", "5"]


@EACH_ENVELOPE
@pytest.mark.parametrize("data", [None, "MISSING", [], "text", {"a": 1, "b": 2}, 7, True])
async def test_a_page_without_entries_is_the_last(name: str, data: Any) -> None:
    """A null, missing or invalid list of entries ends the listing like an empty page."""
    service = Service(name, envelope={"hasMore": True, "totalResultSize": 100, "data": data})
    async with service.client() as talon:
        assert [entry async for entry in service.listing(talon)] == []
        assert len([page async for page in service.listing(talon).pages()]) == 1
    assert len(service.queries) == 2


@pytest.mark.parametrize(
    ("name", "envelope", "requests"),
    [
        ("achievements", {"totalResultSize": "MISSING"}, 4),
        ("achievements", {"totalResultSize": None}, 4),
        ("achievements", {"totalResultSize": "5"}, 4),
        ("campaigns", {"hasMore": "MISSING"}, 1),
        ("campaigns", {"hasMore": None}, 1),
    ],
)
async def test_a_page_without_a_total_or_has_more(name: str, envelope: dict[str, Any], requests: int) -> None:
    """Without a total, entries are fetched until a page is empty; without `hasMore`, a page is the last."""
    service = Service(name, envelope=envelope)
    async with service.client() as talon:
        entries = [entry async for entry in service.listing(talon)]
    assert numbers(entries) == list(range(min(5, 2 * requests)))
    assert len(service.queries) == requests


async def test_skip_advances_by_the_entries_received() -> None:
    """A page smaller than requested causes no gap."""
    service = Service("campaigns", entries=7, largest=3)
    async with service.client() as talon:
        entries = [entry async for entry in service.listing(talon, page_size=5, skip=1)]
    assert numbers(entries) == [1, 2, 3, 4, 5, 6]
    assert service.queries == [{"pageSize": "5", "skip": "1"}, {"pageSize": "5", "skip": "4"}]


@EACH_ENVELOPE
@pytest.mark.parametrize(
    ("arguments", "query"),
    [
        ({}, {}),
        ({"page_size": 1}, {"pageSize": "1"}),
        ({"page_size": 1000}, {"pageSize": "1000"}),
        ({"skip": 0}, {}),
        ({"skip": 3}, {"skip": "3"}),
    ],
)
async def test_size_and_skip_are_sent_only_when_given(
    name: str, arguments: dict[str, int], query: dict[str, str]
) -> None:
    """The service chooses the page size unless it is given."""
    service = Service(name)
    async with service.client() as talon:
        await service.listing(talon, **arguments).page()
    assert service.queries == [query]


@pytest.mark.parametrize("name", METHODS)
@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        ({"page_size": 0}, "page_size"),
        ({"page_size": 1001}, "page_size"),
        ({"page_size": True}, "page_size"),
        ({"page_size": None}, "page_size"),
        ({"skip": -1}, "skip"),
        ({"skip": True}, "skip"),
        ({"skip": None}, "skip"),
    ],
)
async def test_limits_are_checked_before_sending(name: str, arguments: dict[str, Any], field: str) -> None:
    """An invalid size or skip is refused by name, in each way to fetch entries."""
    service = Service(name)
    async with service.client() as talon:
        listing = service.listing(talon, **arguments)
        for attempt in (listing.page(), anext(aiter(listing)), anext(listing.pages())):
            with pytest.raises(InvalidRequestError) as caught:
                await attempt
            assert caught.value.field == field
    assert service.queries == []


async def test_pages_are_fetched_only_when_needed() -> None:
    """No page is fetched before its first entry is needed, including the first page."""
    service = Service("campaigns")
    async with service.client() as talon:
        aiter(service.listing(talon))
        assert len(service.queries) == 0
        async for entry in service.listing(talon):
            if name_of(entry) == "entry 1":
                break
        assert len(service.queries) == 1
        async for entry in service.listing(talon):
            if name_of(entry) == "entry 2":
                break
    assert len(service.queries) == 3


async def test_each_iteration_starts_from_the_beginning() -> None:
    """A listing can be iterated again, each time from `skip`."""
    service = Service("campaigns")
    async with service.client() as talon:
        listing = service.listing(talon, skip=1)
        for _ in range(2):
            assert numbers([entry async for entry in listing]) == [1, 2, 3, 4]
    assert [query["skip"] for query in service.queries] == ["1", "3", "1", "3"]


@EACH_ENVELOPE
async def test_pages_yields_whole_pages(name: str) -> None:
    """`pages` yields the pages in order, each with its entries, and `page` returns only the first one."""
    service = Service(name)
    async with service.client() as talon:
        listing = service.listing(talon)
        pages = [page async for page in listing.pages()]
        first = await listing.page()
        raw = await talon.with_raw_response(listing.page)()
    assert [numbers(page.data) for page in pages] == [[0, 1], [2, 3], [4]]
    assert first == raw.model == pages[0]
    if name in WITH_TOTAL:
        assert [page.total_result_size for page in pages] == [5, 5, 5]
    else:
        assert [page.has_more for page in pages] == [True, True, False]
    assert service.queries == [{}, {"skip": "2"}, {"skip": "4"}, {}, {}]


async def test_the_error_of_a_later_page_follows_earlier_entries() -> None:
    """Entries of earlier pages are yielded before the error of a later one is raised."""
    service = Service("campaigns")

    async def fail_at_the_third(request: httpx.Request) -> httpx.Response:
        return httpx.Response(404) if len(service.queries) == 2 else await service.respond(request)

    seen: list[Any] = []

    async def iterate(listing: Listing[Any, Any]) -> None:
        async for entry in listing:
            seen.append(entry)  # noqa: PERF401  the entries before the error are checked

    async with mocked(httpx.MockTransport(fail_at_the_third)) as talon:
        with pytest.raises(NotFoundError) as caught:
            await iterate(service.listing(talon))
    assert numbers(seen) == [0, 1, 2, 3]
    assert caught.value.operation == "integrationGetAllCampaigns"


async def test_a_strict_client_raises_at_a_page_that_drifts() -> None:
    """With ``strict=True``, a page whose entries are not an array raises instead of ending the listing."""
    service = Service("campaigns", envelope={"data": "text"})
    async with mocked(httpx.MockTransport(service.respond), strict=True) as talon:
        with pytest.raises(ResponseDecodeError) as caught:
            await anext(aiter(service.listing(talon)))
    assert caught.value.path == "$.data"


async def test_at_most_one_page_is_in_memory() -> None:
    """When a page is fetched, the previous one is freed, except for the entry that the user still holds."""
    service = Service("campaigns", entries=9, largest=3)
    references: list[weakref.ref[Any]] = []
    alive: list[int] = []

    async def count(request: httpx.Request) -> httpx.Response:
        alive.append(sum(reference() is not None for reference in references))
        return await service.respond(request)

    async with mocked(httpx.MockTransport(count)) as talon:
        async for entry in service.listing(talon):
            reference = weakref.ref(entry)
            references.append(reference)
    assert alive == [0, 1, 1]


async def test_concurrent_iterations_are_independent() -> None:
    """Concurrent iterations of one listing, and of several, each see all entries in order."""
    service = Service("achievements", entries=9)

    async def collect(listing: Listing[Any, Any]) -> list[int]:
        return numbers([entry async for entry in listing])

    async with service.client() as talon:
        shared = service.listing(talon)
        listings = [shared, shared, service.listing(talon, skip=2), service.listing(talon, page_size=1)]
        found = await asyncio.gather(*map(collect, listings))
    assert found == [list(range(9)), list(range(9)), list(range(2, 9)), list(range(9))]
