"""The resources of the API, with one method for each operation.

A method raises `InvalidRequestError` before it sends a request that is not valid, `ClientStateError` on a
closed client, and a `CallError` if the call fails.
"""
