"""`make bench`: the bounds on speed, each measured in real processes and told with its figure."""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import psycopg

from tests.bench.figures import Figure
from tests.bench.places import POSTGRESQL, SERVER, SQLITE, place
from tests.bench.processes import adopt_orphans, end_children

PARTS = {
    "approval": (SQLITE,),
    "wire": (SQLITE,),
    "lanes": (SQLITE,),
    "throughput": (POSTGRESQL,),
    "claims": (POSTGRESQL, SQLITE),
    "idle": (SQLITE,),
    "pages": (SQLITE,),
    "serving": (SQLITE,),
    "searching": (SQLITE,),
}


@dataclass
class Result:
    part: str
    database: str
    figures: list[Figure]
    finished: bool

    @property
    def holds(self) -> bool:
        return self.finished and all(figure.holds for figure in self.figures)


def main() -> int:
    options = _options()
    adopt_orphans()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    results = []
    try:
        for name in options.parts or PARTS:
            for database in PARTS[name]:
                if options.database not in (None, database.lower()):
                    continue
                results.append(_measure(name, database, options))
    except KeyboardInterrupt:
        sys.stdout.write("\nStopped.\n")
        return 130
    finally:
        end_children()
    _tell(results, quick=options.quick)
    return 0 if all(result.holds for result in results) else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument(
        "parts",
        nargs="*",
        metavar="part",
        help=f"What to measure: {', '.join(PARTS)}. All if none.",
    )
    parser.add_argument(
        "--quick",
        action="store_true",
        help="Small sizes, to see that it works; judge nothing by it.",
    )
    parser.add_argument(
        "--long", action="store_true", help="The part “pages” with 100,000 pages of news too."
    )
    parser.add_argument(
        "--database", choices=("sqlite", "postgresql"), help="Leave out what runs on the other one."
    )
    options = parser.parse_args()
    if unknown := set(options.parts) - set(PARTS):
        parser.error(f"There is no part {', '.join(sorted(unknown))}.")
    return options


def _measure(name: str, database: str, options: argparse.Namespace) -> Result:
    sys.stdout.write(f"\n{name} ({database})\n")
    sys.stdout.flush()
    try:
        with place(database) as environment, tempfile.NamedTemporaryFile("r") as figures:
            command = [sys.executable, "-m", "tests.bench.part", name, *["--quick"] * options.quick]
            environment |= {"BENCH_FIGURES": figures.name, "BENCH_LONG": "1" * options.long}
            try:
                code = subprocess.run(command, env=environment).returncode
            finally:
                end_children()
            if code:
                _tell_logs(Path(environment["DATA_DIR"]))
            return Result(
                name, database, [Figure(**json.loads(line)) for line in figures], not code
            )
    except psycopg.OperationalError as error:
        sys.stdout.write(f"  No PostgreSQL at {SERVER} (BENCH_DATABASE_URL moves it): {error}\n")
        return Result(name, database, [], finished=False)


def _tell_logs(folder: Path) -> None:
    for log in sorted(folder.glob("*.log")):
        lines = log.read_text(errors="replace").splitlines()[-15:]
        sys.stdout.write("\n".join([f"  --- {log.name}", *(f"  {line}" for line in lines), ""]))


def _tell(results: list[Result], *, quick: bool) -> None:
    loads = ", ".join(f"{load:.1f}" for load in os.getloadavg())
    sys.stdout.write(f"\nSummary (load of the machine now: {loads}; {os.cpu_count()} cores)\n")
    for result in results:
        sys.stdout.write(f"{result.part} ({result.database})\n")
        for figure in result.figures:
            sys.stdout.write(f"  {figure}\n")
        if not result.finished:
            sys.stdout.write("  DID NOT FINISH\n")
    if quick:
        sys.stdout.write("These are the small sizes: nothing can be judged by them.\n")


if __name__ == "__main__":
    sys.exit(main())
