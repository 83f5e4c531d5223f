"""What the operations encode and decode: requests, responses, errors, and drift from the contract."""
