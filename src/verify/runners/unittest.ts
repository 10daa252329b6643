// Python's unittest: its own main with a result of ours, in place of `python -m unittest`.
import { join } from "node:path";
import { quoted } from "../shell-command.ts";
import { pythonReporter } from "./python-path.ts";
import { parseLines } from "./report-lines.ts";
import type { RunnerAdapter } from "./types.ts";

/** A sub-test that fails makes its test fail; a module that cannot be loaded is one test of its name. */
const script = `import sys, unittest
sys.path[0] = os.getcwd()
class Result(unittest.TextTestResult):
    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.found = {}
    def note(self, test, status, message=""):
        if self.found.get(test.id(), (None, ("",)))[1][0] != "failed":
            self.found[test.id()] = (test, (status, message))
    def addSuccess(self, test):
        super().addSuccess(test); self.note(test, "passed")
    def addError(self, test, error):
        super().addError(test, error); self.note(test, "failed", str(error[1]))
    def addFailure(self, test, error):
        super().addFailure(test, error); self.note(test, "failed", str(error[1]))
    def addSkip(self, test, reason):
        super().addSkip(test, reason); self.note(test, "skipped", reason)
    def addExpectedFailure(self, test, error):
        super().addExpectedFailure(test, error); self.note(test, "skipped")
    def addUnexpectedSuccess(self, test):
        super().addUnexpectedSuccess(test); self.note(test, "failed", "unexpected success")
    def addSubTest(self, test, subtest, error):
        super().addSubTest(test, subtest, error)
        if error is not None:
            self.note(test, "failed", str(error[1]))
    def stopTestRun(self):
        super().stopTestRun()
        lines = []
        for test, (status, message) in self.found.values():
            name, module = test.id(), type(test).__module__
            file = getattr(sys.modules.get(module), "__file__", None) or module
            if module == "unittest.loader":
                lines.append(line(name.split("._FailedTest.")[-1], [], status, message))
            else:
                lines.append(line(file, name.removeprefix(module + ".").split(".", 1), status, message))
        finish(lines)
class Runner(unittest.TextTestRunner):
    resultclass = Result
unittest.main(module=None, argv=["python -m unittest", *sys.argv[1:]], testRunner=Runner)
`;

export const unittest: RunnerAdapter = {
  name: "unittest",
  summary: "Python's own runner, `python -m unittest`",
  instrument({ prefix, program, rest }, place) {
    const [, options = "", more] = /^((?:\s+-[BIEsuO]+)*)\s+-m\s+unittest((?:\s[\s\S]*)?)$/.exec(rest) ?? [];
    if (!/(?:^|\/)python[\d.]*$/.test(program) || more === undefined) return undefined;
    const reportPath = join(place.directory, "unittest.jsonl");
    const scriptPath = join(place.directory, "run_unittest.py");
    const files = new Map([[scriptPath, pythonReporter(place.nonceFile, reportPath) + script]]);
    return { text: `${prefix}${program}${options} ${quoted(scriptPath)}${more}`, reportPath, files };
  },
  parse: parseLines,
  example: {
    command: { prefix: "A=1 ", program: "python3", rest: " -m unittest discover" },
    report: `${JSON.stringify({ file: "/t/test_a.py", titles: ["TestSum", "test_adds"], status: "passed", message: "" })}\n`,
    ids: ["test_a.py > TestSum > test_adds"],
  },
};
