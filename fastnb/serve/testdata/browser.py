"""browser.py CHROMIUM ADDRESS FOLDER KIND FILE: tries the page of a server in a real browser; prints what was seen as JSON.

KIND is image, text or row. FILE is a photo, a text, or a row as JSON. Pictures go into FOLDER, in light and dark, wide
and as on a phone.
"""
import json, pathlib, sys

from playwright.sync_api import sync_playwright

chromium, address, folder, kind, file = sys.argv[1:]
folder = pathlib.Path(folder)
folder.mkdir(parents=True, exist_ok=True)
seen = {"errors": [], "requests": []}


def fill(page):
    """Gives the form what is to be predicted."""
    if kind == "image":
        page.get_by_label("Photo").set_input_files(file)
    elif kind == "text":
        page.get_by_label("Text").fill(pathlib.Path(file).read_text())
    else:
        for name, value in json.loads(pathlib.Path(file).read_text()).items():
            page.get_by_label(name, exact=True).fill(str(value))


def look(browser, scheme, size):
    page = browser.new_page(color_scheme=scheme, viewport={"width": size[0], "height": size[1]})
    page.on("console", lambda m: seen["errors"].append(m.text))
    page.on("request", lambda r: seen["requests"].append(r.url[:60]))
    page.goto(address)
    page.screenshot(path=folder / f"{kind}-{scheme}-{size[0]}-before.png")
    fill(page)
    page.get_by_role("button", name="Predict").click()
    page.locator("section h2").wait_for(timeout=60_000)
    page.screenshot(path=folder / f"{kind}-{scheme}-{size[0]}.png", full_page=True)
    seen["heading"] = page.locator("section h2").inner_text()
    seen["table"] = page.locator("section table").inner_text()
    seen["picture"] = page.locator("section img").count() and page.locator("section img").evaluate("e => e.naturalWidth")
    seen["overflow"] = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    seen["ground"] = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.close()


def wrong(browser):
    """What can't be predicted is told on the page."""
    page = browser.new_page(color_scheme="dark")
    page.goto(address)
    if kind == "image":
        page.get_by_label("Photo").set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": b"hello"})
    elif kind == "row":
        page.get_by_label("height", exact=True).fill("tall")
    else:
        page.get_by_label("Text").fill("   ")
    page.get_by_role("button", name="Predict").click()
    page.get_by_role("alert").wait_for(timeout=60_000)
    page.screenshot(path=folder / f"{kind}-wrong.png", full_page=True)
    seen["wrong"] = page.get_by_role("alert").inner_text()
    page.close()


with sync_playwright() as p:
    browser = p.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
    try:
        look(browser, "dark", (390, 800))
        look(browser, "light", (1000, 900))
        wrong(browser)
    finally:
        browser.close()
        print(json.dumps(seen))
