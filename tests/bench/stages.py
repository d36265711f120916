"""Some stages in one process, as `seinpaal up` has all of them. Arguments: the stages."""

import sys

from services.processes import STAGES
from services.runtime import log
from services.runtime.metrics import Metrics
from services.runtime.run import run_forever

if __name__ == "__main__":
    log.configure()
    metrics = Metrics()
    sys.exit(run_forever([STAGES[stage](metrics) for stage in sys.argv[1:]]))
