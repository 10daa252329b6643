// pytest: a plugin of ours, loaded before any conftest.py.
import { basename, join } from "node:path";
import { withOptions } from "./command-line.ts";
import { pythonReporter, withPythonPath } from "./python-path.ts";
import { parseLines } from "./report-lines.ts";
import type { RunnerAdapter } from "./types.ts";

/** Set-up, call and tear-down are one test: the worst of the three counts. Expected failures count as skipped. */
const plugin = `import pytest
_tests, _broken = {}, []
_rank = {"passed": 0, "skipped": 1, "failed": 2}
def pytest_runtest_logreport(report):
    message = "" if report.passed else str(getattr(getattr(report.longrepr, "reprcrash", None), "message", report.longrepr))
    before = _tests.get(report.nodeid)
    if report.when == "call" or not report.passed:
        if before is None or _rank[report.outcome] >= _rank[before[0]]:
            _tests[report.nodeid] = (report.outcome, message)
def pytest_collectreport(report):
    if not report.passed:
        _broken.append((report.nodeid, report.outcome, str(report.longrepr)))
@pytest.hookimpl(hookwrapper=True)
def pytest_pyfunc_call():
    current = os.environ.pop("PYTEST_CURRENT_TEST", None)
    yield
    if current is not None:
        os.environ["PYTEST_CURRENT_TEST"] = current
@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session):
    lines = [line(file, [], outcome, message) for file, outcome, message in _broken]
    for nodeid, (outcome, message) in _tests.items():
        file, *titles = nodeid.split("::")
        lines.append(line(file, titles, outcome, message))
    finish(lines)
`;

/** A test that reads the command line finds its own words alone; ours are the last. */
const withoutWords = (words: readonly string[]) => `import sys
if sys.argv[-${words.length}:] == ${JSON.stringify(words)}:
    del sys.argv[-${words.length}:]
`;

export const pytest: RunnerAdapter = {
  name: "pytest",
  summary: "pytest, `pytest` or `python -m pytest`",
  instrument(command, place) {
    const reportPath = join(place.directory, "pytest.jsonl");
    // A name of its own, since another module of that name would hide it.
    const module = `reporter_${basename(place.directory).replaceAll(/\W/g, "_")}`;
    const words = ["-p", module, "-p", "no:cacheprovider", "--continue-on-collection-errors"];
    const text = withOptions(command, "pytest|py\\.test", words.join(" "));
    if (text === undefined) return undefined;
    const rest = text.slice(command.prefix.length);
    const pluginText = pythonReporter(place.nonceFile, reportPath) + withoutWords(words) + plugin;
    const files = new Map([[join(place.directory, `${module}.py`), pluginText]]);
    return { text: `${withPythonPath(command.prefix, place.directory)}${rest}`, reportPath, files };
  },
  parse: parseLines,
  example: {
    command: { prefix: "", program: "python3", rest: " -m pytest -q" },
    report: `${JSON.stringify({ file: "tests/test_a.py", titles: ["TestSum", 'test_adds[1-"x"]'], status: "passed", message: "" })}\n`,
    ids: ['tests/test_a.py > TestSum > test_adds[1-"x"]'],
  },
};
