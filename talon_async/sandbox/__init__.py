"""A local Talon.One deployment over real HTTP, to try, test and demonstrate an integration.

``async with Sandbox() as deployment:`` serves the Integration API on ``deployment.url`` for the key
``deployment.api_key``. Its promotions are `Campaign` values, whose rules are plain Python.
"""

from talon_async.sandbox.promotions import Campaign as Campaign
from talon_async.sandbox.promotions import Occasion as Occasion
from talon_async.sandbox.promotions import Rule as Rule
from talon_async.sandbox.promotions import default_campaigns as default_campaigns
from talon_async.sandbox.promotions import percentage_coupon as percentage_coupon
from talon_async.sandbox.promotions import points_per_unit as points_per_unit
from talon_async.sandbox.promotions import rejected_coupon as rejected_coupon
from talon_async.sandbox.server import Sandbox as Sandbox
from talon_async.sandbox.state import Clock as Clock
from talon_async.sandbox.state import Deployment as Deployment
