"""The command of `make order`: from the known faults to `order.json`, in some ten minutes."""

from concurrent.futures import ProcessPoolExecutor
from typing import Final

from benchmarks.ordering import Fault, ordered
from benchmarks.shown import honest, is_binding, shown
from usagetwin.deviations.known import FAULTS
from usagetwin_checker.asking.recipes import FILE, written

LESS: Final = 0.5  # what a fault counts that fails a target in strict mode alone


def main() -> None:
    """Find what shows each known fault, order the plan by it, and write that."""
    faults = []
    with ProcessPoolExecutor() as pool:
        for fault, found in zip(FAULTS, pool.map(shown, [fault.name for fault in FAULTS]), strict=True):
            told = f"{len(found.alone)} requests, or two" if found else "the probes"
            print(f"{fault.name}: {told}", flush=True)
            if found is not None:
                faults.append(Fault(fault.name, 1 if is_binding(fault) else LESS, found))
    recipes = list(ordered(faults, honest().steps))
    FILE.write_text(written(recipes), encoding="utf-8")
    print(f"{len(recipes)} requests, which show {sum(len(names) for _, names in recipes)} faults: {FILE}")


if __name__ == "__main__":
    main()
