"""The same table decided by SpiffWorkflow, from DMN."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import SimpleNamespace

from lxml import etree
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.dmn.engine.DMNEngine import DMNEngine
from SpiffWorkflow.dmn.parser.DMNParser import DMNParser

from .cases import compared_cases, drawn_cases, plain_facts
from .workers import Answer, Work, serve

TABLE = Path(__file__).parent / "table" / "refund-outcome.dmn"
MODEL = "https://www.omg.org/spec/DMN/20191111/MODEL/"


def decider() -> Callable[[dict[str, object]], dict[str, object]]:
    """Read the table; a case is handed over as the data of a task."""
    root = etree.parse(TABLE).getroot()
    parser = DMNParser(None, root, {"dmn": MODEL}, filename=str(TABLE))
    parser.parse()
    engine = DMNEngine(parser.decision.decisionTables[0])
    task = SimpleNamespace(workflow=SimpleNamespace(script_engine=PythonScriptEngine()))

    def decide(case: dict[str, object]) -> dict[str, object]:
        task.data = case
        return engine.result(task)

    return decide


def result() -> Work:
    """Decide one case a call, from a dict."""
    decide = decider()
    cases = [plain_facts(case) for case in drawn_cases(500)]

    def work() -> int:
        for case in cases:
            decide(case)
        return len(cases)

    return work


def answers() -> Iterator[Answer]:
    """Decide every compared case."""
    decide = decider()
    for case in compared_cases():
        found = decide(plain_facts(case))
        yield found["outcome"], found["percent"], found["approver"]


WORKS: Mapping[str, Callable[[], Work]] = {"result": result}

if __name__ == "__main__":
    serve(WORKS, answers)
