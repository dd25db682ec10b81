"""Every sentence that the code can say, read from its source."""

import ast
from pathlib import Path

import cs_audit

PACKAGE = Path(cs_audit.__file__).parent
SENTENCES = {"worded": 1, "plural": 2}
OWN = PACKAGE / "worded.py"


def sources():
    for path in sorted(PACKAGE.rglob("*.py")):
        yield path, ast.parse(path.read_text("utf-8"))


def called(node):
    """The name of what a call calls."""
    if not isinstance(node, ast.Call):
        return ""
    return getattr(node.func, "id", getattr(node.func, "attr", ""))


def templates():
    """Where each sentence is made, and its template: of `plural` its two forms; None for one that is no literal."""
    for path, tree in sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SENTENCES:
                arguments = node.args[: SENTENCES[node.func.id]]
                literal = all(isinstance(each, ast.Constant) for each in arguments)
                if literal or path != OWN:
                    place = f"{path.relative_to(PACKAGE)}:{node.lineno}"
                    yield place, tuple(each.value for each in arguments) if literal and arguments else None
