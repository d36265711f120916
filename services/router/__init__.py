"""SIGNAL -> REFERRAL: decides by rule who must be told, and keeps why."""
