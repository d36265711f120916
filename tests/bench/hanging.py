"""So many care partners of the sandbox that never answer; run as a program it prints their base URLs on one line."""

import asyncio
import sys

from services.sandbox.partners.fhir import FhirPartner


async def _serve(count: int) -> None:
    partners = [FhirPartner(f"hangs-{number}") for number in range(count)]
    for each in partners:
        each.misbehaviour.play(["hang"])
    urls = [await each.start() for each in partners]
    sys.stdout.write(" ".join(urls) + "\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1])))
