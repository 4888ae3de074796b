"""The lake: Delta tables, their commits, and derived state. Nothing else touches storage."""
