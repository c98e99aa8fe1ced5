"""Files with what a right load of each yields: every layout, container and kind of dirt, alone and mixed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from .containers import CONTAINERS, fits, write_grid
from .dirt import DIRT, Dirt
from .drawing import draw
from .grid import Grid
from .layouts import BUDGETS, LAYOUTS, LEDGERS, Expected, Layout
from .traditional import traditional, traditional_grid
from .truth import Department, cut


@dataclass(frozen=True)
class Case:
    name: str
    kind: str  # ledger | budget
    grid: Grid
    container: str
    expected: Expected
    department: Department
    dirt: tuple[str, ...] = ()


def make_case(layout: Layout, department: Department, container: str = "xlsx", *dirt: str) -> Case:
    """A layout in a container with these kinds of dirt, which must suit it."""
    grid, expected = layout.build(department), layout.expect(department)
    for step in sorted((DIRT[d] for d in dirt), key=lambda d: d.stage):
        if not step.fits(grid):
            raise ValueError(f"{step.name} does not suit {layout.name}")
        grid, expected = step.apply(grid), changed(expected, step, department)
    if not fits(grid, container):
        raise ValueError(f"{layout.name} with {dirt} does not fit into {container}")
    return Case("+".join((layout.name, container, *dirt)), layout.kind, grid, container, expected, department, dirt)


def changed(expected: Expected, step: Dirt, department: Department) -> Expected:
    """The expectation after one kind of dirt."""
    expected = replace(
        expected,
        findings=expected.findings | step.findings,
        unit=step.unit or expected.unit,
        needs_year=department.year if step.needs_year else expected.needs_year,
    )
    return replace(expected, **dict.fromkeys(step.forgets))  # type: ignore[arg-type]


def write(case: Case, folder: Path) -> Path:
    stem = "".join(c if c.isalnum() or c in "-+" else "_" for c in case.name)[:120]
    return write_grid(case.grid, case.container, folder, stem)


def ledger_cases(seed: int = 0) -> Iterator[Case]:
    """Every ledger layout as .xlsx, and four layouts in every container that can hold them."""
    department = draw(seed)
    many = ("E1-yonyou-journal", "E2-three-column", "E12-nc-auxiliary", "E14-kingdee-kis", "E17-generic")
    yield from _each(LEDGERS, many, department)
    yield _truncated(department, "E1-yonyou-journal", 50)
    yield _truncated(department, "E17-generic", 100)
    yield _in_traditional("E17-generic", department)


def budget_cases(seed: int = 0) -> Iterator[Case]:
    """Every budget layout as .xlsx, and three layouts in every container that can hold them."""
    department = draw(seed)
    yield from _each(BUDGETS, ("flat", "sectioned", "banded"), department)
    yield _in_traditional("flat", department)


def _each(layouts: tuple[Layout, ...], many: tuple[str, ...], department: Department) -> Iterator[Case]:
    for layout in layouts:
        grid = layout.build(department)
        for container in CONTAINERS if layout.name in many else ("xlsx",):
            if fits(grid, container):
                yield make_case(layout, department, container)


def _truncated(department: Department, name: str, lines: int) -> Case:
    """导出本页: the first lines only."""
    case = make_case(LAYOUTS[name], cut(department, lines))
    findings = case.expected.findings | {"truncated-export"}
    return replace(case, name=f"{name}+page-of-{lines}", expected=replace(case.expected, findings=findings))


def _in_traditional(name: str, department: Department) -> Case:
    """The same in traditional characters, as a Big5 text file."""
    layout = LAYOUTS[name]
    expected = layout.expect(department)

    def names(sums: dict[str, int] | None) -> dict[str, int] | None:
        return None if sums is None else {traditional(k): v for k, v in sums.items()}

    expected = replace(expected, by_project=names(expected.by_project), lines=names(expected.lines))
    grid = traditional_grid(layout.build(department))
    return Case(f"{name}+csv-big5", layout.kind, grid, "csv-big5", expected, department)


BASES = (
    "E1-yonyou-journal",
    "flat",
    "E17-generic",
    "sectioned",
    "E2-three-column",
    "E15-kingdee-eas",
    "E13-grp-detail",
    "E9-payments",
    "E7-quota-query",
    "E10-u8-journal",
    "E12-nc-auxiliary",
    "E14-kingdee-kis",
)


def dirty_cases(seed: int = 0, each: int = 3) -> Iterator[Case]:
    """Every kind of dirt alone, on the first few layouts that it suits; budgets too where it suits them."""
    department = draw(seed)
    for step in DIRT.values():
        done = 0
        for name in BASES:
            grid = LAYOUTS[name].build(department)
            if done < each and step.fits(grid):
                made = step.apply(grid)
                container = next((c for c in ("xlsx", *CONTAINERS) if fits(made, c)), None)
                if container:
                    done += 1
                    yield make_case(LAYOUTS[name], department, container, step.name)


def clash(one: Dirt, other: Dirt) -> bool:
    """Two kinds that would not be found together, or that together could not be read by anyone."""
    if one.group == other.group:
        return True
    pair = {one.name, other.name}
    units = {d.unit for d in (one, other)} - {"", "元"}
    if units and pair & {"amount-european", "amount-indian", "amount-yuan-word", "amount-yen"}:
        return True
    return "date-1904" in pair and bool(pair & {"date-serial"})


def draw_case(rng: Random, *, most: int = 5) -> Case:
    """A random layout with a mix of dirt that suits it, in a random container that can hold it."""
    layout = rng.choice(rng.choice((LEDGERS, BUDGETS)))
    department = draw(rng.randrange(10_000), projects=rng.randrange(1, 9), vouchers=rng.randrange(14, 45))
    chosen: list[Dirt] = []
    for name in rng.sample(sorted(DIRT), rng.randrange(most + 1) * 4):
        if len(chosen) < most and not any(clash(DIRT[name], d) for d in chosen):
            chosen.append(DIRT[name])
    grid, expected = layout.build(department), layout.expect(department)
    used: list[str] = []
    for step in sorted(chosen, key=lambda d: d.stage):
        if not step.fits(grid):
            continue
        made = step.apply(grid)
        if any(fits(made, c) for c in CONTAINERS):
            grid, expected = made, changed(expected, step, department)
            used.append(step.name)
    container = rng.choice([c for c in CONTAINERS if fits(grid, c)])
    name = "+".join((layout.name, container, *used))
    return Case(name, layout.kind, grid, container, expected, department, tuple(used))
