"""Use cases: each change of the hub has one road, and it is here."""
