"""What holds for all tests: Hypothesis profiles, and which tests need the provider's own documents."""

from hypothesis import settings

from tests.contract import PUBLISHED

settings.register_profile("suite", deadline=None, derandomize=True, max_examples=12)
settings.register_profile("thorough", settings.get_profile("suite"), derandomize=False, max_examples=300)
settings.load_profile("suite")

# The provider's documents are not part of the repository; the facts drawn from them are.
collect_ignore = [] if PUBLISHED.is_dir() else ["test_published_documents.py"]
