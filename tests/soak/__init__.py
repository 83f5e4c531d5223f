"""The soak test: many concurrent calls under faults, whose outcomes must match the service's records."""
