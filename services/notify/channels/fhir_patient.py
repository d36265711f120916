"""The last step of a later revision at a FHIR server: the Patient that we made there, if it is still ours."""

from yarl import URL

from services.notify.channel import JSON, Parcel
from services.notify.http import PartnerHttp
from services.notify.outcome import Outcome, Unknown
from services.notify.patient_copy import Copy, Nothing, Theirs, Told, Wanted, afterwards, kept, standing


async def settled(http: PartnerHttp, base: URL, parcel: Parcel, told: Told) -> Outcome:
    """What the whole comes to, once the partner was `told`.

    We look first, and write only the version that we saw. Broken off anywhere, the next attempt does what is left.
    """
    wanted = Wanted.of(parcel.body)
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
            headers = {**parcel.headers("write"), "Accept": JSON, "Content-Type": JSON, "Prefer": "return=minimal"}
            if version is not None:
                headers["If-Match"] = f'W/"{version}"'
            reply = await http.exchange("PUT", base / "Patient" / id_, headers, wanted.under(id_))
            return afterwards(reply, parcel.at, told)
