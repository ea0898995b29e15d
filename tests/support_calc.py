"""LibreOffice Calc used as a person would: open a workbook, change cells, save it as .xlsx."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

_XLSX = "Calc MS Excel 2007 XML"
_MODULE = (
    '<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1"'
    ' script:language="StarBasic">{code}</script:module>'
)
_MACRO = """
Function Setting(sKey As String, vValue As Variant)
  Dim oMade As New com.sun.star.beans.PropertyValue
  oMade.Name = sKey
  oMade.Value = vValue
  Setting = oMade
End Function
Sub Edit
  Dim book As Object, sheet As Object
  book = StarDesktop.loadComponentFromURL("{source}", "_blank", 0, Array(Setting("Hidden", True)))
  sheet = book.Sheets.getByIndex(0)
  On Error Goto Failed
{steps}
  book.storeToURL("{target}", Array(Setting("FilterName", "{filter}")))
Failed:
  If Err Then
    Open "{log}" For Output As #1
    Print #1, Error & " in line " & Erl
    Close #1
  End If
  book.close(True)
  StarDesktop.terminate()
End Sub
"""


def type_into(cell: str, text: str) -> str:
    """Return the step that writes a text into a cell, such as H3."""
    quoted = text.replace('"', '""').replace("\n", '" & Chr(10) & "')
    return f'  sheet.getCellRangeByName("{cell}").setString("{quoted}")'


def insert_row(number: int) -> str:
    """Return the step that inserts an empty row, which then has this number."""
    return f"  sheet.Rows.insertByIndex({number - 1}, 1)"


def require_locked(cell: str, *, locked: bool) -> str:
    """Return the step that fails unless the protected sheet locks a cell, or leaves it unlocked."""
    found = f'sheet.getCellRangeByName("{cell}").CellProtection.IsLocked = {locked}'
    return f"  If Not (sheet.isProtected() And {found}) Then Error 5"


def edit_in_calc(path: Path, steps: Sequence[str], folder: Path) -> None:
    """Open a workbook in LibreOffice, take steps on its first sheet, and save it.

    Args:
        path: an .xlsx file, which is saved again.
        steps: statements of LibreOffice Basic.
        folder: empty; for the profile.

    Raises:
        AssertionError: a step failed.
    """
    saved, log = folder / path.name, folder / "error.txt"
    code = _MACRO.format(
        source=path.as_uri(), target=saved.as_uri(), filter=_XLSX, log=log, steps="\n".join(steps)
    )
    _soffice(folder, "--terminate_after_init")  # creates the profile, with an empty module
    module = folder / "profile" / "user" / "basic" / "Standard" / "Module1.xba"
    module.write_text(_MODULE.format(code=escape(code)), encoding="utf-8")
    _soffice(folder, "macro:///Standard.Module1.Edit")
    assert not log.exists(), log.read_text(encoding="utf-8")
    saved.replace(path)


def convert_in_calc(path: Path, suffixes: Sequence[str], folder: Path) -> Path:
    """Save a workbook in one format after the other.

    Args:
        path: the workbook.
        suffixes: of the formats, without a dot.
        folder: for the results and the profile.

    Returns:
        The last file.
    """
    for number, suffix in enumerate(suffixes):
        out = folder / str(number)
        target = f"xlsx:{_XLSX}" if suffix == "xlsx" else suffix
        _soffice(folder, "--convert-to", target, "--outdir", str(out), str(path))
        path = out / f"{path.stem}.{suffix}"
    return path


def _soffice(folder: Path, *arguments: str) -> None:
    if shutil.which("localc") is None:
        pytest.skip("LibreOffice Calc is not installed")
    profile = (folder / "profile").as_uri()
    command = ["soffice", f"-env:UserInstallation={profile}", "--headless", "--norestore", *arguments]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
