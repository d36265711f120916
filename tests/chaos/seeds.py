"""With which seeds the campaigns run: one where everything else is tested too, all of them in `make chaos`."""

import os
from typing import Final

SEEDS: Final = [int(seed) for seed in os.environ.get("CHAOS_SEEDS", "1").split(",")]
