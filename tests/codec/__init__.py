"""What the operations write and read: requests, answers, errors, and where they part from the contract."""
