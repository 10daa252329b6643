// go test: the JSON lines it prints. A package that does not build, or ends by itself, is one failed test of its name.
import { join } from "node:path";
import * as z from "zod";
import { quoted } from "../shell-command.ts";
import { numbered } from "./command-line.ts";
import { printedTo } from "./printed.ts";
import type { ParsedTest, RunnerAdapter } from "./types.ts";

const eventSchema = z.object({
  Action: z.string(),
  Package: z.string().optional(),
  Test: z.string().optional(),
  Output: z.string().optional(),
});

const ends: Readonly<Record<string, ParsedTest["status"]>> = {
  pass: "passed",
  fail: "failed",
  skip: "skipped",
};

interface Found {
  readonly started: Set<string>;
  readonly output: Map<string, string>;
  readonly tests: ParsedTest[];
  /** Packages that have come to their end. */
  readonly ended: Map<string, ParsedTest["status"]>;
}

function readLine(found: Found, text: string): void {
  const event = eventSchema.parse(JSON.parse(text));
  const { Package: name = "", Test: test, Action: action } = event;
  const id = [name, ...(test === undefined ? [] : test.split("/"))].join(" > ");
  if (action === "run") found.started.add(id);
  if (action === "output") found.output.set(id, (found.output.get(id) ?? "") + (event.Output ?? ""));
  const status = ends[action];
  if (status === undefined) return;
  if (test === undefined) found.ended.set(name, status);
  else {
    found.started.delete(id);
    const message =
      status === "failed" ? (found.output.get(id) ?? "").replace(/^\s*[-=]{3} .*$/gm, "").trim() : "";
    found.tests.push({ id, status, message });
  }
}

/** `undefined` where a package of which tests were seen never ended. */
function parse(report: string): readonly ParsedTest[] | undefined {
  const found: Found = { started: new Set(), output: new Map(), tests: [], ended: new Map() };
  for (const line of report.split("\n")) {
    if (line.startsWith("{")) readLine(found, line);
    // Older versions say this in plain text.
    const [, name] = /^FAIL\s+(\S+)\s+\[(?:build|setup) failed\]/.exec(line) ?? [];
    if (name !== undefined) found.ended.set(name, "failed");
  }
  const packages = [...found.tests.map(({ id }) => id), ...found.started].map(
    (id) => id.split(" > ", 1)[0] ?? "",
  );
  if (found.ended.size === 0 || packages.some((name) => !found.ended.has(name))) return undefined;
  for (const id of found.started) found.tests.push({ id, status: "failed", message: "it did not end" });
  for (const [id, status] of found.ended) {
    const failsItself =
      status === "failed" &&
      !found.tests.some((test) => test.status === "failed" && test.id.startsWith(`${id} > `));
    if (failsItself)
      found.tests.push({ id, status, message: (found.output.get(id) ?? "").trim(), isBareFile: true });
  }
  return numbered(found.tests);
}

/** Starts the test program under a name that does not say what it is. */
const starter = `program=$(mktemp -d)/program && cp "$1" "$program" && shift && exec "$program" "$@"\n`;

export const goTest: RunnerAdapter = {
  name: "go test",
  summary: "Go's own runner, `go test`",
  instrument({ prefix, program, rest }, place) {
    if (!/(?:^|\/)go$/.test(program) || !/^\s+test(?=\s|$)/.test(rest)) return undefined;
    // Results from the cache would be those of another tree.
    const more = rest.replace(/^\s+test/, "").replace(/\s-json(?=\s|$)/, "");
    // What vet finds is for the repository's own tests to show; it takes three quarters of a check's time.
    const vet = place.ownFiles.length > 0 && !/\s-vet\b/.test(more) ? " -vet=off" : "";
    const path = join(place.directory, "start.sh");
    const isRenamed = place.isSecondWay && !/\s-exec\b/.test(more);
    const way = isRenamed ? ` -exec ${quoted(`sh ${quoted(path)}`)}` : "";
    const asked = printedTo(`${prefix}${program} test -json -count=1${vet}${way}${more}`, place, {
      report: "go.jsonl",
    });
    return isRenamed ? { ...asked, files: new Map([[path, starter]]) } : asked;
  },
  parse,
  example: {
    command: { prefix: "", program: "go", rest: " test ./..." },
    report: [
      { Action: "run", Package: "example.org/sum", Test: "TestAdd/negative" },
      { Action: "pass", Package: "example.org/sum", Test: "TestAdd/negative", Elapsed: 0 },
      { Action: "pass", Package: "example.org/sum", Elapsed: 0.1 },
    ]
      .map((event) => `${JSON.stringify(event)}\n`)
      .join(""),
    ids: ["example.org/sum > TestAdd > negative"],
  },
};
