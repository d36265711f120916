"""REASONS why sending did not go well: nothing was reached, or the answer was no yes."""

from typing import Final

from services.notify.kit.reason import NO_ANSWER, READ_BACK, Reason, reason

NOT_REACHED: Final[dict[str, Reason]] = {
    "no-address": reason(
        "Your server's name has no address.", "De naam van uw server heeft geen adres.",
        "Put the name in the DNS, or give us the right address.", "Zet de naam in de DNS, of geef ons het goede adres.",
    ),
    "no-connection": reason(
        "Nobody took the connection.", "Niemand nam de verbinding aan.",
        "Start your test server, and open your firewall for us.", "Start uw testserver, en open uw firewall voor ons.",
    ),
    "no-room-here": reason(
        "We had no room for one more connection.", "Wij hadden geen ruimte voor nog een verbinding.",
        "Nothing: it is ours to put right. Try again later.", "Niets: dit is aan ons. Probeer het later nog eens.",
    ),
    "connect-timed-out": reason(
        "The connection was not taken in five seconds.", "De verbinding kwam niet in vijf seconden tot stand.",
        "Open your firewall for us.", "Open uw firewall voor ons.",
    ),
    "address-refused": reason(
        "The name leads to an address that your entry does not allow.",
        "De naam leidt naar een adres dat niet bij u hoort.",
        "Use a public address, or agree with us on the network it is in.",
        "Gebruik een openbaar adres, of spreek met ons af in welk netwerk het staat.",
    ),
    "other-origin": reason(
        "It is at another host or port than was agreed.", "Het staat op een andere host of poort dan afgesproken.",
        "Give us one host and port for all of it.", "Geef ons één host en poort voor alles.",
    ),
    **dict.fromkeys(
        (
            "certificate-untrusted", "certificate-invalid", "wrong-host", "certificate-expired",
            "certificate-not-yet-valid",
        ),
        reason(
            "Your certificate is not to be trusted ({reason}). We sent nothing.",
            "Uw certificaat is niet te vertrouwen ({reason}). Wij hebben niets gestuurd.",
            "Install a certificate for this name from the authority we agreed on, with its whole chain.",
            "Installeer een certificaat voor deze naam van de afgesproken uitgever, met de hele keten.",
        ),
    ),
    "wrong-pin": reason(
        "Your certificate has another key than we agreed on. We sent nothing.",
        "Uw certificaat heeft een andere sleutel dan afgesproken. Wij hebben niets gestuurd.",
        "Put the agreed key back, or send us the new pin by another way before you change it.",
        "Zet de afgesproken sleutel terug, of geef ons de nieuwe pin langs een andere weg voordat u wisselt.",
    ),
    "client-certificate-refused": reason(
        "You refused our certificate.", "U weigerde ons certificaat.",
        "Trust the authority of the certificate we gave you.",
        "Vertrouw de uitgever van het certificaat dat wij u gaven.",
    ),
    "client-certificate-missing": reason(
        "You ask for a certificate of ours, and none was agreed.",
        "U vraagt om een certificaat van ons, en dat is niet afgesproken.",
        "Agree with us on one: we give you ours before the trial. Or let us in without.",
        "Spreek er een met ons af: wij geven u het onze voor de proef. Of laat ons zonder binnen.",
    ),
    "client-certificate-not-valid": reason(
        "The certificate by which you know us does not hold at this moment.",
        "Het certificaat waaraan u ons herkent, is op dit moment niet geldig.",
        "Ours to mend: give the partner a new one, and put it where `tls.certificate` and `tls.key` say.",
        "Aan ons: geef de partner een nieuw, en zet het waar `tls.certificate` en `tls.key` het zeggen.",
    ),
    "client-certificate-unanswered": reason(
        "You closed the connection without an answer, as a server does that does not trust our certificate.",
        "U sloot de verbinding zonder antwoord, zoals een server doet die ons certificaat niet vertrouwt.",
        "Trust the authority of the certificate we gave you; if you do, look in your log for a crash.",
        "Vertrouw de uitgever van het certificaat dat wij u gaven; doet u dat, kijk dan in uw log naar een crash.",
    ),
    "no-tls": reason(
        "Your server spoke no TLS, or broke off the handshake.",
        "Uw server sprak geen TLS, of brak de handshake af.",
        "Offer TLS 1.2 or 1.3 at this port. If you ask for our certificate, agree on it with us, and trust its issuer.",
        "Bied TLS 1.2 of 1.3 aan op deze poort. Vraagt u om ons certificaat, spreek dat af, en vertrouw de uitgever.",
    ),
    "tls-too-old": reason(
        "Your server speaks no TLS that we take.", "Uw server spreekt geen TLS die wij aannemen.",
        "Offer TLS 1.2 or 1.3 at this port.", "Bied TLS 1.2 of 1.3 aan op deze poort.",
    ),
    "timed-out": reason("No whole answer came in 20 seconds.", "Er kwam geen antwoord in 20 seconden.", *NO_ANSWER),
    "disconnected": reason(
        "You closed the connection without an answer.", "U sloot de verbinding zonder antwoord.",
        "Answer every request, also when you refuse it. Look in your log for a crash.",
        "Beantwoord elk verzoek, ook als u het weigert. Kijk in uw log naar een crash.",
    ),
}  # fmt: skip

ANSWERED: Final[dict[str, Reason]] = {
    "unavailable": reason(
        "Your server was not available.", "Uw server was niet beschikbaar.",
        "Keep it available for a whole trial.", "Houd hem een hele proef lang beschikbaar.",
    ),
    "throttled": reason(
        "You allow fewer requests than a trial needs.", "U staat minder verzoeken toe dan een proef nodig heeft.",
        "Allow us ten requests a second; `Retry-After` is honoured.",
        "Sta ons tien verzoeken per seconde toe; `Retry-After` wordt gevolgd.",
    ),
    "failed-there": reason(
        "Your server failed, and may have kept the referral.",
        "Uw server faalde, en heeft de verwijzing misschien bewaard.",
        "Answer 2xx once it is kept. Look in your log for what failed.",
        "Antwoord 2xx zodra het is bewaard. Kijk in uw log wat er faalde.",
    ),
    "timed-out-there": reason(
        "Your server gave up on our request.", "Uw server gaf ons verzoek op.",
        "Give a request of ours 20 seconds.", "Geef een verzoek van ons 20 seconden.",
    ),
    "redirected": reason(
        "You sent us to another address, and we do not follow.", "U stuurde ons naar een ander adres; wij volgen niet.",
        "Give us the last address, and answer there.", "Geef ons het uiteindelijke adres, en antwoord daar.",
    ),
    "not-authorised": reason(
        "You did not let us in.", "U liet ons niet binnen.",
        "Check the token, key or secret we agreed on, that our clocks agree, and that it may create and search.",
        "Controleer het afgesproken token, de sleutel of het geheim, de klok, en het recht om te maken en te zoeken.",
    ),
    "clocks-apart": reason(
        "You did not let us in, and your clock and ours are more than a minute apart.",
        "U liet ons niet binnen, en uw klok en de onze lopen meer dan een minuut uiteen.",
        "Set your server's clock by NTP: what we sign holds for a few minutes.",
        "Zet de klok van uw server gelijk met NTP: wat wij ondertekenen geldt enkele minuten.",
    ),
    "no-such-address": reason(
        "There is nothing at this address, or your FHIR server takes no resource under an id of ours.",
        "Er is niets op dit adres, of uw FHIR-server neemt geen resource aan onder een id van ons.",
        "Give us the address where referrals are taken; on a FHIR server, allow update as create for Provenance.",
        "Geef ons het adres waar verwijzingen worden aangenomen; sta op een FHIR-server update as create toe "
        "voor Provenance.",
    ),
    "gone": reason(
        "You said that this address is no longer used.", "U zei dat dit adres niet meer wordt gebruikt.",
        "Give us the new address.", "Geef ons het nieuwe adres.",
    ),
    "several-matches": reason(
        "You have this referral more than once, or say so.", "U hebt deze verwijzing meer dan eens, of zegt dat.",
        "Keep identifiers unique: search by `identifier` with its system and value, and remove duplicates.",
        "Houd identifiers uniek: zoek op `identifier` met system en value, en verwijder dubbelen.",
    ),
    "too-large": reason(
        "A referral is too large for you.", "Een verwijzing is te groot voor u.",
        "Take requests of one megabyte.", "Neem verzoeken van één megabyte aan.",
    ),
    "conflict": reason(
        "You answered that somebody else was changing it.", "U antwoordde dat een ander het aan het wijzigen was.",
        "Let the second of two equal requests wait for the first.",
        "Laat het tweede van twee gelijke verzoeken op het eerste wachten.",
    ),
    "not-accepted": reason(
        "You could not work with our referral.", "U kon met onze verwijzing niet werken.",
        "Compare your validation with the examples we gave, and tell us what it says.",
        "Vergelijk uw controle met onze voorbeelden, en zeg ons wat ze meldt.",
    ),
    "refused": reason(
        "You refused our referral.", "U weigerde onze verwijzing.",
        "Look in your log for the reason, and tell us when it is ours.",
        "Kijk in uw log naar de reden, en zeg het als het aan ons ligt.",
    ),
    "entry-refused": reason(
        "You refused a part of the transaction.", "U weigerde een deel van de transactie.",
        "Take all of a transaction, or nothing of it with an error status.",
        "Neem een transactie helemaal aan, of helemaal niet met een foutstatus.",
    ),
    "unreadable-answer": reason(
        "Your answer was none to what we sent.", "Uw antwoord paste niet bij wat wij stuurden.",
        "Answer a transaction with a Bundle of type transaction-response and a status for each entry of ours, "
        "a search with a searchset; uncompressed.",
        "Beantwoord een transactie met een Bundle transaction-response en een status voor elke entry van ons, "
        "zoeken met een searchset; zonder compressie.",
    ),
    "error-in-answer": reason(
        "Your answer says 200, and tells of an error in it.", "Uw antwoord zegt 200, en meldt daarin een fout.",
        "Answer an error with an error status (4xx or 5xx), and nothing kept.",
        "Beantwoord een fout met een foutstatus (4xx of 5xx), zonder iets te bewaren.",
    ),
    "not-answered": reason(
        "You could not be asked what you hold.", "U kon niet zeggen wat u hebt.", *READ_BACK,
    ),
    "not-kept": reason(
        "You said it was there, and it was not ours.", "U zei dat het er was, en het was niet van ons.",
        "Heed the condition of a conditional create: `identifier`, with system and value.",
        "Volg de voorwaarde van een conditional create: `identifier`, met system en value.",
    ),
}  # fmt: skip
