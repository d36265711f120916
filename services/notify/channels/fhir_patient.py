"""The last step of a later revision at a FHIR server: the Patient that we made there, if it is still ours."""

from collections.abc import Mapping

from yarl import URL

from services.notify.channel import JSON, Parcel
from services.notify.outcome import Outcome, Unknown
from services.notify.pacing import Http
from services.notify.patient_copy import Copy, Nothing, Theirs, Told, Wanted, afterwards, kept, standing
from services.notify.reply import Reply


async def settled(http: Http, base: URL, parcel: Parcel, told: Told) -> Outcome:
    """What the whole comes to, once the partner was `told`.

    We look first, and write only the version that we saw. Broken off anywhere, the next attempt does what is left.
    """
    wanted = Wanted.of(parcel.body)
    match standing(await looked(http, base, wanted, parcel.headers("look")), parcel.at, wanted):
        case Nothing():
            return told
        case Theirs():
            return kept(told)
        case Unknown() as unknown:
            return unknown
        case Copy(id=id_, version=version):
            headers = {**parcel.headers("write"), "Accept": JSON, "Content-Type": JSON, "Prefer": "return=minimal"}
            if version is not None:
                headers["If-Match"] = f'W/"{version}"'
            reply = await http.exchange("PUT", base / "Patient" / id_, headers, wanted.under(id_))
            return afterwards(reply, parcel.at, told)


async def looked(http: Http, base: URL, wanted: Wanted, headers: Mapping[str, str]) -> Reply:
    """What the server answers to a search for our Patient, without caches; two are enough to know of a double."""
    url = (base / "Patient").with_query({"identifier": wanted.condition, "_count": "2"})
    return await http.exchange("GET", url, {**headers, "Accept": JSON, "Cache-Control": "no-cache"})
