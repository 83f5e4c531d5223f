"""Checks that the operations and models match the provider's published OpenAPI document.

``python -m talon_async.contract check`` compares them with the facts of the document, which this package
contains; ``check DOCUMENT`` compares them with any copy of the document. ``extract DOCUMENT`` writes the
facts of a document. ``page`` writes ``docs/operations.md``.
"""

from talon_async.contract._compare import Comparison, compare
from talon_async.contract._document import FACTS, Document
from talon_async.contract._files import UnreadableDocumentError
from talon_async.contract._page import client_methods, operations_page
from talon_async.contract._schemas import Difference, Place

__all__ = [
    "FACTS",
    "Comparison",
    "Difference",
    "Document",
    "Place",
    "UnreadableDocumentError",
    "client_methods",
    "compare",
    "operations_page",
]
