"""What our own code makes of a line, a Bundle that is validated: it tells what that costs the least notify."""

from collections.abc import Callable
from pathlib import Path

from schemas.referral import Referral
from schemas.signal import Particulars
from services.notify.channels.gate import passed
from services.notify.directory import read_directory
from services.notify.fhir.build import build
from services.notify.fhir.validate import Gate
from services.notify.letter import Letter
from tests.bench.least.ledger import Line


def packer(config: Path) -> Callable[[Line, bytes], bytes]:
    """For the partners and corporations of that folder."""
    directory, gate = read_directory(config), Gate()

    def pack(line: Line, particulars: bytes) -> bytes:
        referral = Referral.read(line.content)
        name = referral.partner or ""
        partner, corporation = directory.partners[name], directory.corporations[referral.corporation]
        told = Particulars.read(particulars)
        letter = Letter(referral, referral.kind, told, partner, corporation, name)
        return passed(gate, build(letter), letter)

    return pack
