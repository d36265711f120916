"""REFERRAL -> DELIVERY: a ledger with lanes between us and the care partners."""
