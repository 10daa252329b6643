// pytest: its JUnit XML, read by the few elements that it writes.
import { join } from "node:path";
import { quoted } from "../shell-command.ts";
import { numbered, withOptions } from "./command-line.ts";
import type { ParsedTest, RunnerAdapter } from "./types.ts";

const entities: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

function decode(text: string): string {
  return text.replace(
    /&(?:#x([0-9a-fA-F]+)|#(\d+)|(\w+));/g,
    (whole, hex?: string, decimal?: string, name?: string) => {
      if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
      if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
      return entities[name ?? ""] ?? whole;
    },
  );
}

function attribute(tag: string, name: string): string {
  return decode(new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1] ?? "");
}

function toTest(tag: string, body: string): ParsedTest {
  const id = [attribute(tag, "classname"), attribute(tag, "name")].filter((part) => part !== "").join(" > ");
  const fault = /<(failure|error|skipped)\b[^>]*>/.exec(body);
  if (!fault) return { id, status: "passed", message: "" };
  const status = fault[1] === "skipped" ? "skipped" : "failed";
  return { id, status, message: attribute(fault[0], "message") };
}

function parse(report: string): readonly ParsedTest[] | undefined {
  if (!/<\/testsuites?>\s*$/.test(report)) return undefined;
  const cases = report.matchAll(/<testcase(\s[^>]*?)(?:\/>|>([\s\S]*?)<\/testcase>)/g);
  return numbered([...cases].map(([, tag = "", body = ""]) => toTest(tag, body)));
}

export const pytest: RunnerAdapter = {
  name: "pytest",
  summary: "pytest, `pytest` or `python -m pytest`",
  instrument(command, place) {
    const reportPath = join(place.directory, "pytest.xml");
    const text = withOptions(
      command,
      "pytest|py\\.test",
      `-p no:cacheprovider --junitxml=${quoted(reportPath)}`,
    );
    return text === undefined ? undefined : { text, reportPath };
  },
  parse,
  example: {
    command: { prefix: "", program: "python3", rest: " -m pytest -q" },
    report: `<?xml version="1.0"?><testsuites><testsuite name="pytest" tests="3">
<testcase classname="tests.test_a" name="test_adds[1-&quot;x&quot;]" time="0.1" />
<testcase classname="tests.test_a" name="test_b" time="0.1"><failure message="assert 1 &lt; 0">trace</failure></testcase>
<testcase classname="" name="tests.test_c" time="0.0"><error message="collection failure">trace</error></testcase>
</testsuite></testsuites>`,
    ids: ['tests.test_a > test_adds[1-"x"]', "tests.test_a > test_b", "tests.test_c"],
  },
};
