"""The last step of a withdrawal at a FHIR server: the Patient that we made there is emptied, if it is still ours."""

from yarl import URL

from services.notify.channel import JSON, Parcel
from services.notify.emptying import Copy, Emptied, Nothing, Theirs, Told, afterwards, kept, standing
from services.notify.http import PartnerHttp
from services.notify.outcome import Outcome, Unknown


async def emptied(http: PartnerHttp, base: URL, parcel: Parcel, told: Told) -> Outcome:
    """What the whole withdrawal comes to, once the partner was `told` of it.

    We look first, and write only the version that we saw. Broken off anywhere, the next attempt does what is left.
    """
    wanted = Emptied.of(parcel.body)
    url = (base / "Patient").with_query({"identifier": wanted.condition, "_count": "2"})
    headers = {**parcel.headers("look"), "Accept": JSON, "Cache-Control": "no-cache"}
    match standing(await http.exchange("GET", url, headers), parcel.at, wanted):
        case Nothing():
            return told
        case Theirs():
            return kept(told)
        case Unknown() as unknown:
            return unknown
        case Copy(id=id_, version=version):
            headers = {**parcel.headers("empty"), "Accept": JSON, "Content-Type": JSON, "Prefer": "return=minimal"}
            if version is not None:
                headers["If-Match"] = f'W/"{version}"'
            reply = await http.exchange("PUT", base / "Patient" / id_, headers, wanted.under(id_))
            return afterwards(reply, parcel.at, told)
