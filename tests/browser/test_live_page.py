"""The live page in a real browser."""

import re
from http import HTTPStatus
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, expect

from schemas.audit import Fact
from tests.browser.conftest import Living, Watched

pytestmark = pytest.mark.asyncio(loop_scope="module")  # where the browser lives


async def opened(browser: Browser, living: Living, query: str = "?lang=en", **context: object) -> Watched:
    """The page, showing something."""
    page = await browser.new_page(**context)  # type: ignore[arg-type]  # playwright's many keywords, by name
    watched = Watched(page)
    await page.goto(living.url + query)
    await expect(page.locator("#link")).to_have_attribute("data-state", "live")
    return watched


def number(name: str) -> str:
    """Selector of a number."""
    return f".track [data-count={name}]"


async def test_numbers_and_facts_come_as_they_happen(browser: Browser, living: Living) -> None:
    """Without loading anew: counts follow the log, the newest fact stands on top."""
    await living.happen(5)
    page = (await opened(browser, living)).page
    before = len(living.world.entries)
    await expect(page.locator(number("facts"))).to_have_text(str(before))
    await living.happen(10)
    await expect(page.locator(number("facts"))).to_have_text(str(len(living.world.entries)))
    accepted = sum(entry.fact is Fact.SIGNAL_ACCEPTED for entry in living.world.entries)
    await expect(page.locator(number("accepted"))).to_have_text(str(accepted))
    newest = living.world.entries[-1]
    await expect(page.locator("#all .fact").first).to_have_attribute("data-fact", newest.fact)


async def test_nothing_complains_and_nothing_comes_from_elsewhere(browser: Browser, living: Living) -> None:
    """The strict policy blocks nothing the page needs, and every address it asks is the console's own."""
    await living.happen(20)
    watched = await opened(browser, living)
    await watched.page.locator("#all .fact[data-stage=router] .subject").first.click()
    await expect(watched.page.locator(".step").first).to_be_visible()
    assert watched.complaints == []
    assert {urlsplit(url).netloc for url in watched.asked} == {urlsplit(living.url).netloc}


async def test_a_click_on_a_signal_tells_its_story(browser: Browser, living: Living) -> None:
    """Every step in order, with the rule that fired; closing it leads back to the stream."""
    await living.happen(20)
    page = (await opened(browser, living)).page
    decided = page.locator("#all .fact[data-fact='signal.decided']").first
    subject = await decided.locator(".subject").get_attribute("href")
    await decided.locator(".subject").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_be_visible()
    signal = (subject or "").removeprefix("#")
    steps = [entry.fact for entry in living.world.entries if str(entry.signal) == signal]
    await expect(dialog.locator(".step")).to_have_count(len(steps))
    told = [await step.get_attribute("data-fact") for step in await dialog.locator(".step").all()]
    assert told == steps
    await expect(dialog.locator("#whole")).to_have_text(signal)
    await page.keyboard.press("Escape")
    await expect(dialog).to_be_hidden()
    await expect(page).not_to_have_url(re.compile("#"))  # the browser tells that it closed a moment later


async def test_an_id_can_be_looked_up(browser: Browser, living: Living) -> None:
    """Its first digits will do; an unknown one is told."""
    await living.happen(5)
    page = (await opened(browser, living)).page
    found = next(entry for entry in living.world.entries if entry.signal)
    await page.get_by_role("textbox").fill(str(found.signal)[:10])
    await page.keyboard.press("Enter")
    await expect(page.locator("#whole")).to_have_text(str(found.signal))
    await page.get_by_role("button", name="Close").click()
    await page.get_by_role("textbox").fill("00000000")
    await page.get_by_role("button", name="Open").click()
    await expect(page.get_by_role("alert")).to_have_text(
        "Nothing in the log has this id. Give the first 8 digits of it or more."
    )
    await page.get_by_role("button", name="Close").click()
    await page.get_by_role("textbox").fill("not an id")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert")).to_have_text(
        "Nothing in the log has this id. Give the first 8 digits of it or more."
    )


async def test_where_no_page_is_there_is_a_way_back(browser: Browser, living: Living) -> None:
    """In the reader's language; a program is told as it is used to."""
    page = await browser.new_page(locale="nl-NL")
    for address in ("nope", "trail/zzz"):
        answer = await page.goto(living.url + address)
        assert answer is not None
        assert answer.status == HTTPStatus.NOT_FOUND
        await expect(page.get_by_role("heading")).to_have_text("Hier is geen pagina.")
    await page.get_by_role("link").click()
    await expect(page.locator("#link")).to_have_attribute("data-state", "live")
    told = await page.request.get(f"{living.url}nope", headers={"accept": "application/json"})
    assert await told.json() == {"detail": "Not Found"}


async def test_it_can_be_held_still(browser: Browser, living: Living) -> None:
    """Paused, the rows stand while the numbers go on; what was held back comes after."""
    await living.happen(5)
    page = (await opened(browser, living)).page
    await page.get_by_role("button", name="Pause").click()
    top = await page.locator("#all .fact").first.text_content()
    await living.happen(5)
    await expect(page.locator(number("facts"))).to_have_text(str(len(living.world.entries)))
    await expect(page.locator("#pause")).to_have_text(re.compile(r"Resume \(\d+\)"))
    assert await page.locator("#all .fact").first.text_content() == top
    await page.get_by_role("button", name="Resume").click()
    newest = living.world.entries[-1]
    await expect(page.locator("#all .fact").first).to_have_attribute("data-fact", newest.fact)


async def test_what_needs_a_person_can_be_seen_alone(browser: Browser, living: Living) -> None:
    """However much came after it."""
    while not any(entry.fact is Fact.REFERRAL_HELD for entry in living.world.entries):
        await living.happen(1)
    await living.happen(60)
    page = (await opened(browser, living)).page
    await page.get_by_role("button", name="For a person").click()
    await expect(page.locator("#all")).to_be_hidden()
    held = sum(entry.fact is Fact.REFERRAL_HELD for entry in living.world.entries)
    await expect(page.locator("#urgent .fact[data-fact='referral.held']")).to_have_count(min(held, 50))


async def test_both_languages_can_be_chosen(browser: Browser, living: Living) -> None:
    """One click, and page and facts are in the other language."""
    await living.happen(5)
    page = (await opened(browser, living, "?lang=nl")).page
    await expect(page.locator("h2#newest")).to_have_text("Nieuwste feiten")
    await expect(page.locator("#all .stage").first).to_have_text(re.compile("Aannemen|Bepalen|Bezorgen"))
    await page.get_by_role("link", name="EN", exact=True).click()
    await expect(page.locator("h2#newest")).to_have_text("Newest facts")
    await expect(page.locator("#all .stage").first).to_have_text(re.compile("Ingest|Router|Notify"))


@pytest.mark.parametrize(("width", "height"), [(360, 740), (390, 844), (768, 1024), (1280, 900)])
async def test_it_fits_the_screen(browser: Browser, living: Living, width: int, height: int) -> None:
    """From a small phone to a desk, nothing sticks out sideways, the story neither."""
    await living.happen(40)
    watched = await opened(browser, living, "?lang=nl", viewport={"width": width, "height": height})
    page = watched.page
    await expect(page.locator("#all .fact").first).to_be_visible()
    wide = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert await page.evaluate(wide) <= 0
    await page.locator("#all .fact[data-stage=router] .subject").first.click()
    await expect(page.locator(".step").first).to_be_visible()
    dialog = "() => { const d = document.querySelector('dialog'); return d.scrollWidth - d.clientWidth }"
    assert await page.evaluate(dialog) <= 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_text_can_be_read_by_everybody(browser: Browser, living: Living, scheme: str) -> None:
    """Every text has a contrast of at least 4.5 to 1 with its ground (WCAG 2.2, 1.4.3), in both colour schemes."""
    await living.happen(40)
    page = (await opened(browser, living, color_scheme=scheme, reduced_motion="reduce")).page
    await expect(page.locator("#all .fact").first).to_be_visible()
    faint = await page.evaluate(CONTRAST)
    assert faint == []


async def test_motion_can_be_switched_off(browser: Browser, living: Living) -> None:
    """Who asks for less motion gets none (WCAG 2.2, 2.3.3)."""
    await living.happen(5)
    page = (await opened(browser, living, reduced_motion="reduce")).page
    names = await page.locator("#all .fact").evaluate_all("all => all.map(one => getComputedStyle(one).animationName)")
    assert set(names) == {"none"}


async def test_everything_can_be_reached_by_keyboard_and_has_a_name(browser: Browser, living: Living) -> None:
    """The first tab leads past the top; every control says what it is."""
    await living.happen(5)
    page = (await opened(browser, living)).page
    await page.keyboard.press("Tab")
    await expect(page.locator(".skip")).to_be_focused()
    unnamed = await page.locator("button, input, a[href]").evaluate_all(
        "all => all.filter(one => !(one.ariaLabel || one.textContent.trim())).map(one => one.outerHTML)"
    )
    assert unnamed == []
    await expect(page.locator("#spoken")).to_have_attribute("aria-live", "polite")


async def test_a_console_that_goes_away_is_told(browser: Browser, living: Living) -> None:
    """The page says that its numbers are no longer live."""
    await living.happen(5)
    page = (await opened(browser, living)).page
    await living.service.stop()
    await expect(page.locator("#link")).to_have_attribute("data-state", "away", timeout=15_000)


CONTRAST = """() => {
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const rgba = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return canvas.getImageData(0, 0, 1, 1).data;
  };
  const light = (colour) => {
    const [r, g, b] = [...rgba(colour)].map((part) => part / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (one) => {
    for (let at = one; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if (rgba(colour)[3] === 255) return colour;
    }
    return "white";
  };
  const faint = [];
  for (const one of document.querySelectorAll("body *")) {
    const own = [...one.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim());
    if (!own || !one.checkVisibility() || one.closest(".unseen, .skip, template")) continue;
    const [a, b] = [light(getComputedStyle(one).color), light(ground(one))].sort((x, y) => y - x);
    if ((a + 0.05) / (b + 0.05) < 4.5) faint.push(`${one.className || one.tagName}: ${one.textContent.trim()}`);
  }
  return [...new Set(faint)];
}"""
