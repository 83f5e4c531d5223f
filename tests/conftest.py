"""Hypothesis profiles: the suite's, and the longer one of ``pytest --hypothesis-profile=thorough``."""

from hypothesis import settings

settings.register_profile("suite", deadline=None, derandomize=True, max_examples=12)
settings.register_profile("thorough", settings.get_profile("suite"), derandomize=False, max_examples=300)
settings.load_profile("suite")
