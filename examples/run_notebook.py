"""Runs the code cells of a notebook in their order, and prints what each would show.

python examples/run_notebook.py NOTEBOOK LAKE

Without a kernel of Jupyter and its twenty packages: a cell here is plain Python, and no magic is
used. A cell that sets `LAKE` is given the other one.
"""

from __future__ import annotations

import ast
import json
import sys
from pathlib import Path
from typing import Any


def run_notebook(path: Path, lake: str) -> dict[str, Any]:
    """The names that the cells leave; what they show goes to stdout."""
    names: dict[str, Any] = {"__name__": "__main__"}
    for number, source in enumerate(code_cells(path)):
        tree = ast.parse(source)
        shown = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        where = f"{path.name}, code cell {number + 1}"
        exec(compile(tree, where, "exec"), names)
        if "LAKE" in names:
            names["LAKE"] = lake
        if isinstance(shown, ast.Expr):
            value = eval(compile(ast.Expression(shown.value), where, "eval"), names)
            if value is not None:
                print(f"{value}\n")
    return names


def code_cells(path: Path) -> list[str]:
    """Their sources (nbformat 4)."""
    cells = json.loads(path.read_text("utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


if __name__ == "__main__":
    run_notebook(Path(sys.argv[1]), sys.argv[2])
