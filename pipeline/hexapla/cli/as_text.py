"""Matches, hits and units as people read them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from hexapla.cli.options import plural, size_of
from hexapla.cli.printer import DIFFERENCE, HIT, Printer, shortened
from hexapla.compare.comparable import as_seen

if TYPE_CHECKING:
    from hexapla.matches import Match
    from hexapla.memory.cleaning.faulty_units import CleaningResult
    from hexapla.memory.reports import Commit, Info
    from hexapla.memory.search.hits import Hit, Rendering
    from hexapla.units import Change, Unit

EXAMPLES = 3  # of many that are shown
CONTEXT = 60  # characters of the texts beside a hit


def heading_of(unit: Unit) -> str:
    """Position and status of a unit, in one line."""
    place = f"{unit.kind} {unit.number}" if unit.number else unit.kind
    said = "" if unit.status in ("approved", "edited") else f", probability {unit.probability:.2f}"
    return f"{documents_of(unit)} · {unit.level}, {place} · {unit.status.value}{said} · {unit.id}"


def documents_of(unit: Unit) -> str:
    """The document of a unit, and further documents in which it occurs."""
    names = [name for name in (unit.document, *unit.sources) if name]
    more = f" and {len(names) - EXAMPLES:,} more" if len(names) > EXAMPLES else ""
    return (", ".join(names[:EXAMPLES]) or "no document") + more


def show_matches(printer: Printer, query: str, source: str, found: Sequence[Match]) -> None:
    """Print the matches of a text; in the text is marked what the best of them lacks.

    Args:
        printer: prints.
        query: the text.
        source: its language.
        found: its matches.
    """
    lacking = found[0].differences.query if found and query == as_seen(query) else ()
    printer.paragraph(source, query, width=len(source), marks=lacking, indent=0)
    if not found:
        printer.line("  no match")
    for match in found:
        printer.line()
        printer.line(f"{_worth(match, as_seen(query))} · {heading_of(match.unit)}", style="bold")
        width = max(map(len, [match.language, *match.targets]))
        shared = match.subsegment
        marks, style = ([shared.source], HIT) if shared else (match.differences.source, DIFFERENCE)
        printer.paragraph(match.language, match.source, width=width, marks=marks, style=style)
        for language, target in match.targets.items():
            marks = [(each.start, each.end) for each in target.substitutions]
            printer.paragraph(language, target.text, width=width, marks=marks, style=HIT)
            if target.missing:
                printer.paragraph("", f"to be put in: {', '.join(target.missing)}", width=width)
    printer.line()


def _worth(match: Match, query: str) -> str:
    through = f", through {', '.join(match.through)}" if match.through else ""
    if match.subsegment:
        start, end = match.subsegment.query
        return f"{match.kind.value} “{shortened(query[start:end], CONTEXT)}”"
    if match.percentage is None:
        return f"{match.kind.value} ({match.cosine:.2f}){through}"
    return f"{match.percentage}% {match.kind.value}{through}"


def show_unit(printer: Printer, unit: Unit) -> None:
    """Print a unit."""
    printer.line(heading_of(unit), style="bold")
    width = max(map(len, unit.languages), default=0)
    for language, text in unit.texts.items():
        printer.paragraph(language, text, width=width)


def show_hits(printer: Printer, found: Sequence[Hit]) -> None:
    """Print the hits of a concordance: the text with what is found marked, its context, and its translations."""
    if not found:
        printer.line("no hit")
    for hit in found:
        printer.line(heading_of(hit.unit), style="bold")
        width = max(map(len, [hit.language, *hit.targets]))
        before, after = (
            shortened(hit.previous or "", CONTEXT, end=True),
            shortened(hit.following or "", CONTEXT),
        )
        for label, text, marks in (("", before, ()), (hit.language, hit.text, hit.spans), ("", after, ())):
            if text:
                printer.paragraph(label, text, width=width, marks=marks, style=HIT)
        for language, target in hit.targets.items():
            printer.paragraph(language, target, width=width)
        printer.line()


def show_renderings(printer: Printer, found: Sequence[Rendering]) -> None:
    """Print translations, each with the number of units and their years."""
    if not found:
        printer.line("no hit")
    for each in found:
        years = f" · {years_of(each)}" if each.years else ""
        printer.line(f"{plural(each.count, 'unit')}{years}", style="bold")
        printer.paragraph(each.language, each.text, width=len(each.language))
    printer.line()


def years_of(rendering: Rendering) -> str:
    """The first and last year of a translation."""
    first, last = rendering.years[0], rendering.years[-1]
    return str(first) if first == last else f"{first}-{last}"


def show_info(printer: Printer, folder: Path, info: Info) -> None:
    """Print what a memory holds."""
    printer.line(
        f"{folder} · version {info.version} · {plural(info.units, 'unit')} of "
        f"{plural(info.documents, 'document')} · made {info.created:%Y-%m-%d %H:%M} UTC",
        style="bold",
    )
    sizes = ", ".join(f"{name} {size_of(size)}" for name, size in info.sizes.items())
    printer.line(f"status   {_counted(info.statuses) or 'no units'}")
    printer.line(f"encoder  {info.encoder} ({info.hash}), {info.dimension} dimensions")
    printer.line(f"size     {size_of(sum(info.sizes.values()))}: {sizes}")
    if info.languages:
        rows = [["language", "texts", "index by meaning"]]
        rows += [[each.language, f"{each.texts:,}", f"{each.kind}: {each.reason}"] for each in info.languages]
        printer.line()
        printer.table(rows, right=(1,))


def show_history(printer: Printer, commits: Iterable[Commit]) -> None:
    """Print the versions of a memory."""
    rows = [["version", "when (UTC)", "who", "what"]]
    rows += [
        [str(commit.version), f"{commit.time:%Y-%m-%d %H:%M}", commit.author or "", _done_by(commit)]
        for commit in commits
    ]
    printer.table(rows, right=(0,))


def _done_by(commit: Commit) -> str:
    """Describe a commit: the operation, its object, and the number of units."""
    subjects = [
        str(commit.parameters[key]) for key in ("document", "unit", "version") if key in commit.parameters
    ]
    if several := commit.parameters.get("units"):
        subjects.append(plural(len(several), "unit"))
    done = " ".join([commit.operation, *subjects])
    counts = _counted(commit.counts)
    return f"{done}: {counts}" if counts else done


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count:,} {name}" for name, count in counts.items() if count)


def show_changes(printer: Printer, one: int, other: int, changes: Sequence[Change], limit: int) -> None:
    """Print how units differ between two memory versions: old texts after a minus, new ones after a plus.

    Args:
        printer: prints.
        one: number of the first version.
        other: number of the second version.
        changes: units that differ.
        limit: how many of them are shown.
    """
    if not changes:
        printer.line("no unit differs")
        return
    kinds = list(map(_kind, changes))
    counts = _counted({kind: kinds.count(kind) for kind in ("added", "removed", "changed")})
    printer.line(f"{plural(len(changes), 'unit')} differ between version {one} and version {other}: {counts}")
    show_differences(printer, changes[:limit])


def show_differences(printer: Printer, changes: Sequence[Change]) -> None:
    """Print old texts of units after a minus, and new ones after a plus."""
    for change in changes:
        unit = change.after or change.before
        assert unit is not None
        printer.line()
        printer.line(f"{_kind(change)} · {heading_of(unit)}", style="bold")
        _show_texts(printer, change)
        for before, after in _other_changes(change):
            printer.paragraph("", f"{before} → {after}", width=0)


def _kind(change: Change) -> str:
    return "added" if not change.before else "removed" if not change.after else "changed"


def _show_texts(printer: Printer, change: Change) -> None:
    """Print the texts that a change took away or brought."""
    before, after = (each.texts if each else {} for each in (change.before, change.after))
    width = 2 + max(map(len, [*before, *after]), default=0)
    for language in dict.fromkeys([*before, *after]):
        if before.get(language) != after.get(language):
            for sign, texts in (("-", before), ("+", after)):
                if language in texts:
                    printer.paragraph(f"{sign} {language}", texts[language], width=width)


def _other_changes(change: Change) -> Iterator[tuple[str, str]]:
    """Status and documents of a unit before and after, where they differ."""
    if change.before and change.after:
        for said in (lambda unit: unit.status.value, documents_of):
            one, other = said(change.before), said(change.after)
            if one != other:
                yield one, other


def show_cleaning(printer: Printer, cleaning: CleaningResult) -> None:
    """Print what cleaning finds, counted by rule, with examples of each."""
    counts = cleaning.counts()
    rows = [["rule", "units", "texts of units that stay"]]
    rows += [[rule, f"{count['units']:,}", f"{count['texts']:,}"] for rule, count in counts.items()]
    printer.table(rows, right=(1, 2))
    for rule in counts:
        printer.line()
        examples = [finding for finding in cleaning.violations if finding.rule == rule][:EXAMPLES]
        for finding in examples:
            printer.line(f"{rule} · {finding.reason} · {finding.unit}", style="bold")
            shown = [language for language in (*finding.languages, finding.other) if language]
            width = max(map(len, shown), default=0)
            for language in dict.fromkeys(shown):
                printer.paragraph(language, shortened(finding.texts[language]), width=width)
