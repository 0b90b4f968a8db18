"""browser.py CHROMIUM ADDRESS FOLDER WHAT: drives JupyterLab in a real browser; prints what was seen as JSON.

ADDRESS is what fastnb lab -no-browser prints, http://127.0.0.1:PORT/lab?token=TOKEN. Pictures go into FOLDER. WHAT is
"check", for the notebook slow.ipynb, or a notebook of the lab's folder, all of which is then run:

    python browser.py /usr/bin/chromium 'http://127.0.0.1:8888/lab?token=...' /tmp/pictures 01-image-classifier.ipynb
"""
import json, pathlib, re, sys, time

from playwright.sync_api import sync_playwright

chromium, address, folder, what = sys.argv[1:]
folder = pathlib.Path(folder)
folder.mkdir(parents=True, exist_ok=True)
seen = {}


class Notebook:
    """A notebook in JupyterLab, as one sees it."""

    def __init__(self, page, name):
        self.page, self.name = page, name
        base, token = re.fullmatch(r"(.*/lab)\?token=(\w+)", address).groups()
        page.goto(f"{base}/tree/{name}?reset&token={token}")
        self.wait_ready()

    def wait_ready(self):
        self.page.locator(".jp-Notebook .jp-CodeCell").first.wait_for(timeout=60_000)
        self.page.get_by_text(re.compile(r"Go \(fastnb\) \| (Idle|Busy|Unknown)")).first.wait_for(timeout=60_000)

    def cell(self, n):
        return self.page.locator(".jp-Notebook .jp-CodeCell").nth(n)

    def cells(self):
        return self.page.locator(".jp-Notebook .jp-CodeCell").count()

    def errors(self):
        return self.page.locator('.jp-OutputArea-output[data-mime-type="application/vnd.jupyter.error"]').all_inner_texts()

    def focus(self, n):
        self.cell(n).locator(".cm-content").click()

    def start(self, n):
        """Runs a cell, as one does who stands in it."""
        self.before = self.prompt(n)
        self.focus(n)
        self.page.keyboard.press("Control+Enter")

    def busy(self):
        return self.page.locator(".jp-Notebook-ExecutionIndicator").first.get_attribute("data-status") == "busy"

    def prompt(self, n):
        return self.cell(n).locator(".jp-InputPrompt").text_content().strip()  # also where it is out of sight

    def over(self, n):
        """Whether the run that start began is over."""
        return re.fullmatch(r"\[\d+\]:", self.prompt(n)) and self.prompt(n) != self.before and not self.busy()

    def output(self, n):
        """The text below a cell; what stands in a bar or a table is separated by blanks."""
        return " ".join(t for t in self.cell(n).locator(".jp-OutputArea-output").all_inner_texts())

    def wait(self, n, seconds=150):
        """Waits until a cell's run is over; the texts that were below it meanwhile, each once."""
        texts = []
        for _ in range(int(seconds / .25)):
            text = self.output(n)
            if text not in texts[-1:]:
                texts.append(text)
            if self.over(n):
                return texts
            time.sleep(.25)
        self.picture("late")
        raise TimeoutError(f"cell {n} still runs after {seconds} s:\n{texts[-1:]}")

    def wait_for(self, n, words, seconds=60):
        """Waits until words are below a cell."""
        for _ in range(int(seconds / .1)):
            if words in self.output(n):
                return
            time.sleep(.1)
        raise TimeoutError(f"no {words!r} below cell {n} after {seconds} s: {self.output(n)!r}")

    def command(self, name):
        self.page.locator(f'.jp-NotebookPanel-toolbar [data-command="{name}"]').first.click()

    def picture(self, name):
        self.page.screenshot(path=folder / f"{name}.png")

    def type(self, n, text):
        self.focus(n)
        self.page.keyboard.press("Control+End")
        self.page.keyboard.type(text)

    def save(self):
        self.page.keyboard.press("Control+s")
        self.page.locator(".jp-mod-dirty").wait_for(state="detached", timeout=30_000)

    def reload(self):
        self.page.reload()
        self.wait_ready()


def bars(texts):
    """The different bars among texts: the epoch and the batch."""
    return list(dict.fromkeys(m for t in texts for m in re.findall(r"epoch \d+/\d+ · batch \d+/\d+", t)))


def complete(book):
    """Tab and shift-Tab in the last cell."""
    book.type(4, "\nlearn.Fit")
    for _ in range(6):
        book.page.keyboard.press("Tab")
        try:
            book.page.locator(".jp-Completer-item").first.wait_for(timeout=15_000)
            break
        except Exception:
            pass
    seen["completed"] = book.page.locator(".jp-Completer-item").all_inner_texts()
    book.picture("tab")
    book.page.keyboard.press("Escape")
    book.focus(4)
    book.page.keyboard.press("Control+End")
    book.page.keyboard.press("Shift+Tab")
    book.page.locator(".jp-Tooltip .jp-RenderedMarkdown").wait_for(timeout=30_000)
    seen["documentation"] = book.page.locator(".jp-Tooltip").inner_text()
    book.picture("shift-tab")
    book.page.keyboard.press("Escape")


def stop(book):
    """The stop button in the third epoch."""
    book.start(2)
    book.wait_for(2, "epoch 3/8")
    book.picture("running")
    began = time.time()
    book.command("notebook:interrupt-kernel")
    book.wait(2)
    seen["stop_seconds"] = time.time() - began
    seen["stopped"] = book.output(2)
    book.picture("stopped")
    book.start(3)
    book.wait(3)
    seen["after_stop"] = book.output(3)


def whole(book):
    """A fit from start to end."""
    book.start(2)
    texts = book.wait(2)
    seen["bars"], seen["fitted"] = bars(texts), book.output(2)
    book.picture("fitted")


def reload(book):
    """The page is loaded again in the third epoch."""
    book.start(2)
    book.wait_for(2, "epoch 3/8")
    book.reload()
    book.wait_for(2, "· batch")
    seen["reloaded"], seen["reload_prompt"], book.before = book.output(2), book.prompt(2), ""
    book.picture("reloaded")
    texts = book.wait(2)
    seen["reload_bars"], seen["reload_fitted"] = bars(texts), book.output(2)
    book.picture("reload-fitted")
    book.save()


def check(page):
    book = Notebook(page, "slow.ipynb")
    for n in 0, 1:
        book.start(n)
        book.wait(n)
    complete(book)
    whole(book)
    stop(book)
    reload(book)


def lesson(page):
    """All of a notebook, by the menu; a picture of each cell that has shown something."""
    book = Notebook(page, what)
    page.get_by_role("menuitem", name="Edit", exact=True).click()
    page.get_by_text("Clear Outputs of All Cells", exact=True).click()
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_text("Run All Cells", exact=True).click()
    began = time.time()
    while pending := [n for n in range(book.cells()) if not re.fullmatch(r"\[\d+\]:", book.prompt(n))]:
        if book.errors() or time.time() - began > 3000:
            break
        time.sleep(1)
    seen["seconds"], seen["pending"], seen["errors"] = time.time() - began, pending, book.errors()
    seen["images"] = page.locator(".jp-OutputArea-output img").count()
    seen["outputs"] = {}
    for n in range(book.cells()):
        if book.cell(n).locator(".jp-OutputArea-output").count():
            book.cell(n).scroll_into_view_if_needed()
            time.sleep(.5)
            seen["outputs"][n] = book.output(n)
            book.cell(n).screenshot(path=folder / f"cell-{n}.png")


with sync_playwright() as p:
    browser = p.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
    page = browser.new_page(viewport={"width": 1300, "height": 1600})
    try:
        check(page) if what == "check" else lesson(page)
    except Exception:
        page.screenshot(path=folder / "failed.png")
        raise
    finally:
        browser.close()
        print(json.dumps(seen))
