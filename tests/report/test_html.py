"""The HTML report in a browser: what it shows, its filters, and that it asks for nothing."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.select import Select

from connect_contracts.model.cause import Cause, CodeLine
from connect_contracts.report.html import html
from connect_contracts.report.model import ExchangeEvent, RunReport, RunReports
from hand_written_reports import HOSTILE, case, run_of

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
pytestmark = pytest.mark.skipif(
    CHROMIUM is None or DRIVER is None, reason="chromium and chromedriver are not installed"
)

EXCHANGE = (
    ExchangeEvent("step", "1 session connect"),
    ExchangeEvent("connected", "connected", 1.0, "target", 1, "client"),
    ExchangeEvent("handshake", "handshake failed: alert unknown_ca", 2.0, "target", 1, "client"),
    ExchangeEvent("request", "GET /versions/rest", 3.0, "target", 1, "client", (HOSTILE,)),
    ExchangeEvent("answer", "200 to admin", 4.5, "target", 1, "target", (HOSTILE,)),
    ExchangeEvent("twin", "the twin, the same without its defect:"),
)
CASES = (
    case("CA-1[authority-given]", "passed", seconds=2.5),
    case(
        *("CA-2[without-the-file]", "failed"),
        causes=(Cause("key", "no request", HOSTILE, (CodeLine("client.py", 7, "f", HOSTILE),)),),
        scenario=HOSTILE,
        expected=HOSTILE,
        observed=HOSTILE,
        exchange=EXCHANGE,
    ),
    case("CA-5[text-between]", "not testable", observed=HOSTILE),
)
RUN = run_of(*CASES, implementation=HOSTILE, notes=(HOSTILE,), reasons=(HOSTILE,))


@pytest.fixture(scope="module")
def browser() -> Iterator[webdriver.Chrome]:
    options = webdriver.ChromeOptions()
    options.binary_location = str(CHROMIUM)
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1200,900"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(DRIVER))
    yield driver
    driver.quit()


Show = Callable[..., Any]


@pytest.fixture
def show(browser: webdriver.Chrome, tmp_path: Path) -> Iterator[Show]:
    """Opens the page of a report; afterwards nothing was asked for, and nothing went wrong."""
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    page = tmp_path / "report.html"

    def open_page(report: RunReport | RunReports, place: str = "") -> webdriver.Chrome:
        page.write_bytes(html(report))
        browser.get(f"{page.as_uri()}{place}")
        return browser

    yield open_page
    assert browser.get_log("browser") == []
    messages = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    asked = {
        message["params"]["request"]["url"].partition("#")[0]
        for message in messages
        if message["method"] == "Network.requestWillBeSent"
    }
    assert {url for url in asked if not url.startswith(("data:", page.as_uri()))} == set()


def shown(driver: webdriver.Chrome) -> list[str]:
    """The cases that are visible, by their verdicts."""
    cases = driver.find_elements(By.CSS_SELECTOR, ".case")
    return [one.get_dom_attribute("data-verdict") for one in cases if one.is_displayed()]


def test_what_a_client_says_is_text(show: Show) -> None:
    driver = show(RUN)
    # A script of the text would have opened a dialog, which ends every command.
    assert "<script>alert(1)</script>" in driver.find_element(By.TAG_NAME, "h1").text
    for tag in ("img", "iframe"):
        assert driver.find_elements(By.TAG_NAME, tag) == []
    assert len(driver.find_elements(By.TAG_NAME, "script")) == 1
    assert "\\u202e" in driver.find_element(By.CSS_SELECTOR, ".notes").text
    links = driver.find_elements(By.TAG_NAME, "a")
    assert links
    assert all(link.get_dom_attribute("href").startswith("#") for link in links)


def test_causes_come_first_and_lead_to_their_cases(show: Show) -> None:
    driver = show(RUN)
    heads = [head.text for head in driver.find_elements(By.CSS_SELECTOR, "main h2")]
    page = (
        "The documented page atoti.Session.connect of 0.9.1, sentence by sentence, in other words"
    )
    assert heads == ["What is wrong", "Clauses", page, "Not judged, or known", "Slowest cases"]
    sentence = driver.find_elements(By.CSS_SELECTOR, ".page li")[12]
    assert "CA-2 failed CA-4 not selected CA-14 not selected" in sentence.text
    assert shown(driver) == []
    cause = driver.find_element(By.CSS_SELECTOR, ".cause")
    assert cause.find_element(By.TAG_NAME, "h3").text == "1. CA-2 failed: 1 case"
    assert "client.py:7 in f" in cause.text
    cause.find_element(By.TAG_NAME, "summary").click()
    lines = [one.text for one in cause.find_elements(By.CSS_SELECTOR, ".exchange li")]
    assert lines[1:4] == [
        "step 1 session connect",
        "1.0 ms\ntarget[1] connected",
        "2.0 ms\ntarget[1] handshake failed: alert unknown_ca",
    ]
    driver.find_element(By.LINK_TEXT, CASES[0].id).click()
    assert shown(driver) == ["passed"]


def test_filters(show: Show) -> None:
    driver = show(RUN)
    count = driver.find_element(By.NAME, "shown")
    assert count.text == "3 of 3 cases"
    verdict = Select(driver.find_element(By.NAME, "verdict"))
    verdict.select_by_value("failed")
    assert shown(driver) == ["failed"]
    assert count.text == "1 of 3 cases"
    verdict.select_by_value("")
    Select(driver.find_element(By.NAME, "level")).select_by_value("implied")
    assert shown(driver) == ["not testable"]
    driver.find_element(By.NAME, "clear").click()
    assert count.text == "3 of 3 cases"
    driver.find_element(By.TAG_NAME, "body").send_keys("/")
    driver.switch_to.active_element.send_keys("ca-1 authority")
    assert shown(driver) == ["passed"]


@pytest.mark.parametrize("both", [False, True], ids=["one run", "side by side"])
def test_it_fits_a_phone_and_has_a_dark_form(show: Show, both: bool) -> None:
    driver = show(RunReports((RUN, run_of(CASES[0], status=0))) if both else RUN)
    size = {"width": 360, "height": 800, "deviceScaleFactor": 1, "mobile": True}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    for details in driver.find_elements(By.TAG_NAME, "details"):
        driver.execute_script("arguments[0].open = true", details)
    assert driver.execute_script("return document.documentElement.scrollWidth") <= 360
    papers = []
    for scheme in ("light", "dark"):
        feature = {"name": "prefers-color-scheme", "value": scheme}
        driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})
        body = driver.find_element(By.TAG_NAME, "body")
        papers.append(body.value_of_css_property("background-color"))
    assert papers == ["rgba(255, 255, 255, 1)", "rgba(18, 22, 28, 1)"]


def test_printed_it_has_no_controls_and_no_half_empty_pages(show: Show) -> None:
    driver = show(RunReports((RUN, RUN)))
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    for control in driver.find_elements(By.CSS_SELECTOR, "#filter, nav, #with-cases"):
        assert not control.is_displayed()
    # A cause may go on on the next page: most fill more than half of one.
    cause = driver.find_element(By.CLASS_NAME, "cause")
    assert cause.value_of_css_property("break-inside") == "auto"
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})


def test_runs_side_by_side_show_what_differs_first(show: Show) -> None:
    other = run_of(*CASES[:1], case("CA-2[without-the-file]", "passed"), status=0)
    driver = show(RunReports((RUN, other)))
    rows = driver.find_elements(By.CSS_SELECTOR, "#matrix tbody tr")
    texts = [row.text.partition(" ")[0].partition("\n")[0] for row in rows]
    assert texts == ["What", "CA-2", "", "What", "CA-1", "CA-5"]
    first, *_ = driver.find_elements(By.CSS_SELECTOR, "main > section")
    cause = first.find_element(By.CSS_SELECTOR, "tbody tr")
    cells = [cell.text for cell in cause.find_elements(By.TAG_NAME, "td")]
    assert (cause.text.partition("\n")[0], cells) == ("CA-2", ["1", "-"])
    driver.find_element(By.ID, "with-cases").click()
    assert rows[2].text == "CA-2[without-the-file] failed passed"
    assert len(driver.find_elements(By.CSS_SELECTOR, ".run")) == 2
    # The clause stays in sight where the runs are too many for the width.
    size = {"width": 200, "height": 800, "deviceScaleFactor": 1, "mobile": True}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    scrolled = "arguments[0].closest('.scrolled').scrollLeft = 999; const place = arguments[0]"
    script = f"{scrolled}.getBoundingClientRect(); return [scrollX, place.left >= 0]"
    head = rows[1].find_element(By.TAG_NAME, "th")
    assert driver.execute_script(script, head) == [0, True]
