"""The check of our operations and models against the published contract, and the page that lists them.

``python -m talon_async.contract PATH`` compares, ``python -m talon_async.contract --page`` writes the page.
"""
