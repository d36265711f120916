"""The conformance kit: puts a partner to the test at its test address, over the channel that real referrals take."""
