"""Collects the tests on the provider's own documents only where these exist."""

from tests.contract import PUBLISHED

collect_ignore = [] if PUBLISHED.is_dir() else ["test_published_documents.py"]
