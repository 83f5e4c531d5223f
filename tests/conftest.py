"""Setup for all tests: Hypothesis profiles, and the tests that need more than the suite has."""

from importlib.util import find_spec

from hypothesis import settings

from tests.contract import PUBLISHED

settings.register_profile("suite", deadline=None, derandomize=True, max_examples=12)
settings.register_profile("thorough", settings.get_profile("suite"), derandomize=False, max_examples=300)
settings.load_profile("suite")

# The repository has the facts of the provider's documents, and not the documents.
collect_ignore = [] if PUBLISHED.is_dir() else ["test_published_documents.py"]
# Ray has an environment of its own: `make ray`.
collect_ignore += [] if find_spec("ray") else ["ray"]
