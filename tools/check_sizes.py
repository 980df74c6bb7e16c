"""Keep functions and files short enough to read in one go: measures them, prints the numbers, fails over the limits."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles

FOLDERS = ("digest", "subscriptions")
FUNCTION_MEDIAN, FUNCTION_P90, FUNCTION_MAX = 10, 35, 60  # lines
FILE_MEDIAN, FILE_MAX = 120, 400  # lines


def main() -> int:
    """Print the numbers, and say which limit is passed where."""
    root = Path(__file__).resolve().parent.parent
    files = {path.relative_to(root): path.read_text("utf-8") for path in python_files(root=root)}
    file_sizes = {str(path): text.count("\n") for path, text in files.items() if text}
    function_sizes = {name: size for path, text in files.items() for name, size in functions(path=path, text=text)}
    complaints = [
        *judge(what="function", sizes=function_sizes, middle=FUNCTION_MEDIAN, most=FUNCTION_MAX, p90=FUNCTION_P90),
        *judge(what="file", sizes=file_sizes, middle=FILE_MEDIAN, most=FILE_MAX),
    ]
    for complaint in complaints:
        print(f"sizes: {complaint}", file=sys.stderr)
    return 1 if complaints else 0


def python_files(*, root: Path) -> Iterator[Path]:
    """Find our own code; migrations are written by a machine and are not counted."""
    for folder in FOLDERS:
        yield from (path for path in sorted((root / folder).rglob("*.py")) if "migrations" not in path.parts)


def functions(*, path: Path, text: str) -> Iterator[tuple[str, int]]:
    """Name and measure every function, from its `def` to its last line."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{path}:{node.lineno} {node.name}", (node.end_lineno or node.lineno) - node.lineno + 1


def judge(*, what: str, sizes: dict[str, int], middle: int, most: int, p90: int | None = None) -> list[str]:
    """Print one line of numbers and list what is too long."""
    numbers = sorted(sizes.values())
    ninetieth = quantiles(numbers, n=10)[-1]
    print(f"{what}s: {len(numbers)}, median {median(numbers):g}, p90 {ninetieth:g}, longest {numbers[-1]} lines")
    complaints = [f"{name} is {size} lines long, over {most}" for name, size in sizes.items() if size > most]
    if median(numbers) > middle:
        complaints.append(f"the median {what} has {median(numbers):g} lines, over {middle}")
    if p90 is not None and ninetieth > p90:
        complaints.append(f"one {what} in ten has {ninetieth:g} lines or more, over {p90}")
    return complaints


if __name__ == "__main__":
    sys.exit(main())
