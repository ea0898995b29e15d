"""Shell completion for PowerShell; click itself has it for bash, zsh and fish.

The shell asks the program with `_HEXAPLA_COMPLETE=powershell_complete` in its environment, as click's own completions
do. These lines in the profile of PowerShell ($PROFILE) install it:

    $Env:_HEXAPLA_COMPLETE = "powershell_source"
    hexapla | Out-String | Invoke-Expression
    Remove-Item Env:_HEXAPLA_COMPLETE
"""

from __future__ import annotations

import os
import shlex
from typing import ClassVar

from click.shell_completion import CompletionItem, ShellComplete, add_completion_class

_SCRIPT = """\
Register-ArgumentCompleter -Native -CommandName %(prog_name)s -ScriptBlock {
    param($word, $ast, $position)
    $Env:%(complete_var)s = "powershell_complete"
    $Env:COMP_WORDS = $ast.ToString()
    $Env:COMP_WORD = $word
    %(prog_name)s | ForEach-Object {
        $kind, $value, $help = $_ -split "`t", 3
        if ($kind -eq "plain") {
            [System.Management.Automation.CompletionResult]::new($value, $value, "ParameterValue", $help)
        } else {
            Get-ChildItem "$word*" -Name -ErrorAction SilentlyContinue
        }
    }
    Remove-Item Env:%(complete_var)s, Env:COMP_WORDS, Env:COMP_WORD
}
"""


class PowerShellComplete(ShellComplete):
    """Completion for PowerShell 5 and later (Register-ArgumentCompleter)."""

    name: ClassVar[str] = "powershell"
    source_template: ClassVar[str] = _SCRIPT

    def get_completion_args(self) -> tuple[list[str], str]:
        """Return the complete words before the cursor, and the one that is being typed."""
        typed, incomplete = os.environ["COMP_WORDS"], os.environ.get("COMP_WORD", "")
        try:
            words = shlex.split(typed, posix=False)
        except ValueError:  # a quotation that is not closed yet
            words = typed.split()
        if incomplete and words and words[-1] == incomplete:
            words = words[:-1]
        return words[1:], incomplete

    def format_completion(self, item: CompletionItem) -> str:
        """Return a completion as a line: kind, value and help, separated by tabs."""
        help_text = " ".join((item.help or item.value).split())
        return f"{item.type}\t{item.value}\t{help_text}"


def register() -> None:
    """Make the completion known to click."""
    add_completion_class(PowerShellComplete)
