"""`partner check` of a partner whose token endpoint is amiss: what that answered is told, and what to change there."""

import pytest
from aiohttp import web

from schemas.partner import ClientCredentials
from schemas.words import Language
from services.notify.kit.report import Check
from services.notify.kit.telling import told
from tests.contract.kit.test_exam import checked, on_trial
from tests.contract.notify.web import serving
from tests.unit.notify import samples


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize(
    ("status", "reason"), [(302, "token-refused"), (404, "token-refused"), (200, "token-unreadable")]
)
async def test_what_a_token_endpoint_answered_is_told(status: int, reason: str, language: Language) -> None:
    """A login form, a wrong path and a page in a 200 are three people's work; nothing was sent to the server itself."""
    asked: list[str] = []

    async def handle(request: web.Request) -> web.Response:
        asked.append(request.path)
        return web.Response(status=status, text="<html>")

    async with serving(handle) as url:
        said = {"type": "oauth2", "token_url": f"{url}token", "client_id": "seinpaal", "client_secret": "env:KIT_TOKEN"}
        how = ClientCredentials.model_validate(said)
        report = await checked(on_trial(samples.partner(url=str(url), authentication=how)))
    [finding] = [each for each in report.failed if each.check is Check.ARRIVES]
    assert (finding.reason, finding.status, set(asked)) == (reason, status, {"/token"})
    came = told(finding, language, "fhir").came
    assert (f"HTTP {status}" in came, "token" in came) == (True, True)
