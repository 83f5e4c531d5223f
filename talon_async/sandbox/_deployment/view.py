"""What handlers and rules see of a deployment."""

import attrs

from talon_async.sandbox._deployment.application import Application
from talon_async.sandbox._deployment.clock import Clock
from talon_async.sandbox._deployment.store import Store
from talon_async.sandbox._domain.loyalty.accounts import Account
from talon_async.sandbox._domain.loyalty.programs import LoyaltyProgram


@attrs.frozen(kw_only=True)
class DeploymentView:
    """A deployment as one request sees it.

    Attributes:
        application: What is set up.
        store: The records to read and write; for a dry run an overlay that is dropped afterwards.
        clock: The clock.
        dry: Whether the request is a dry run.
    """

    application: Application
    store: Store
    clock: Clock
    dry: bool = False

    def current_account(self, program: LoyaltyProgram, holder: str) -> Account:
        """Find the account of a profile or card with its points as of now; an empty one if there is none.

        Args:
            program: The loyalty program.
            holder: The profile's integration ID, or the card's identifier in a card-based program.
        """
        account = self.store.points.find(program.id, holder) or Account()
        account.advance_to(program, self.clock.now())
        return account
