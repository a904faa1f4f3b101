"""Opens a workbook in LibreOffice, changes cells as a person would, and saves it as .xlsx. Reads JSON from the input."""

import json
import subprocess
import sys
import time
from pathlib import Path

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException
from com.sun.star.lang import Locale


def option(name, value):
    return PropertyValue(Name=name, Value=value)


def connect(pipe, office):
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    while True:
        try:
            context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
            return context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
        except NoConnectException:
            if office.poll() is not None:
                sys.exit("soffice ended")
            time.sleep(0.1)


def edit(document, change):
    sheet = document.Sheets.getByName(change["sheet"])
    cells = sheet.getCellRangeByName(change["at"])
    if "format" in change:
        code, locale = change["format"], Locale("en", "US", "")
        key = document.NumberFormats.queryKey(code, locale, False)
        cells.NumberFormat = key if key >= 0 else document.NumberFormats.addNew(code, locale)
    if "text" in change:
        cells.String = change["text"]
    if "typed" in change:
        cells.Formula = change["typed"]
    if change.get("merge"):
        cells.merge(True)
    if change.get("hide"):
        cells.Rows.IsVisible = False


work = json.load(sys.stdin)
folder = Path(work["folder"])
# the length of a name of a pipe is limited
pipe = f"syncline{time.time_ns()}"
office = subprocess.Popen(
    [
        "soffice",
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        *("--headless", "--invisible", "--norestore", "--nologo", "--nodefault"),
        f"--accept=pipe,name={pipe};urp;",
    ]
)
desktop = connect(pipe, office)
document = desktop.loadComponentFromURL(Path(work["file"]).as_uri(), "_blank", 0, (option("Hidden", True),))
for each in work["changes"]:
    edit(document, each)
document.calculateAll()
document.storeToURL(Path(work["to"]).as_uri(), (option("FilterName", "Calc MS Excel 2007 XML"),))
document.close(True)
desktop.terminate()
sys.exit(office.wait(30))
