"""Setup for all tests: Hypothesis profiles, and the tests that need the provider's documents."""

from hypothesis import settings

from tests.contract import PUBLISHED

settings.register_profile("suite", deadline=None, derandomize=True, max_examples=12)
settings.register_profile("thorough", settings.get_profile("suite"), derandomize=False, max_examples=300)
settings.load_profile("suite")

# The repository has the facts of the provider's documents, and not the documents.
collect_ignore = [] if PUBLISHED.is_dir() else ["test_published_documents.py"]
