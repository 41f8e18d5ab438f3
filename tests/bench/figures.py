"""What a measure says: a figure, the bound that it must keep, and whether it does."""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """bound: None where a figure is only told; at_least: the bound is a floor, not a ceiling."""

    name: str
    value: float
    unit: str = ""
    bound: float | None = None
    at_least: bool = False

    @property
    def holds(self) -> bool:
        if self.bound is None:
            return True
        return self.value >= self.bound if self.at_least else self.value <= self.bound

    @property
    def verdict(self) -> str:
        if self.bound is None:
            return "told"
        return "holds" if self.holds else "BROKEN"

    @property
    def limit(self) -> str:
        if self.bound is None:
            return ""
        return f"{'≥' if self.at_least else '≤'} {self.bound:g}{self.unit}"

    def __str__(self) -> str:
        cells = (f"{self.name:<58}", f"{self.value:>11.3f}{self.unit:<3}", f"{self.limit:>9}")
        return f"{'  '.join(cells)}  {self.verdict}"


def percentile(values: Sequence[float], part: float) -> float:
    """The smallest value that at least `part` percent do not exceed."""
    return sorted(values)[max(math.ceil(len(values) * part / 100) - 1, 0)]


def spread(values: Sequence[float], unit: str = "s") -> str:
    """The line that lets a reader judge a set of values."""
    figures = {
        "median": statistics.median(values),
        "p95": percentile(values, 95),
        "p99": percentile(values, 99),
        "worst": max(values),
    }
    told = ", ".join(f"{name} {value:.3f}{unit}" for name, value in figures.items())
    return f"{told} (of {len(values)})"
