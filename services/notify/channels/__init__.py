"""One channel a file: how a referral reaches a partner."""
