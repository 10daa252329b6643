// Vitest: a reporter of ours in its parent process, beside the ordinary one; without coverage, whose limits are not the
// tests' own.
import { join } from "node:path";
import { quoted } from "../shell-command.ts";
import { withOptions } from "./command-line.ts";
import { commonJsReporter, exampleIds, exampleLines, parseLines } from "./report-lines.ts";
import type { RunnerAdapter } from "./types.ts";

/** `onFinished` up to version 3, `onTestRunEnd` since; version 3 calls both. Errors outside tests belong to no file. */
const reporter = `
const tests = (task, titles, lines) => {
  for (const child of task.tasks ?? []) {
    const names = [...titles, child.name];
    if (child.tasks) {
      if (child.result?.state === "fail" && child.result.errors?.length > 0 && child.tasks.length === 0)
        lines.push(line(task.filepath ?? child.file?.filepath, names, "failed", child.result.errors.map(messageOf).join("\\n")));
      tests(child, names, lines);
      continue;
    }
    const state = { pass: "passed", fail: "failed" }[child.result?.state] ?? "skipped";
    lines.push(line(child.file.filepath, names, state, (child.result?.errors ?? []).map(messageOf).join("\\n")));
  }
};
export default class {
  #done = false;
  #end(files, errors) {
    if (this.#done) return;
    this.#done = true;
    const lines = [];
    for (const file of files) {
      const before = lines.length;
      tests(file, [], lines);
      const state = file.result?.state === "fail" ? "failed" : "skipped";
      const own = (file.result?.errors ?? []).map(messageOf).join("\\n");
      if (lines.length === before || own !== "") lines.push(line(file.filepath, [], state, own));
    }
    for (const error of errors ?? []) lines.push(line("", ["error outside tests"], "failed", messageOf(error)));
    finish(lines);
  }
  onFinished(files = [], errors = []) { this.#end(files, errors); }
  onTestRunEnd(modules, errors) { this.#end(modules.map(({ task }) => task), errors); }
}
`;

const opening =
  'import { createRequire } from "node:module";\nconst require = createRequire(import.meta.url);\n';

export const vitest: RunnerAdapter = {
  name: "vitest",
  summary: "Vitest, `vitest run`",
  instrument(command, place) {
    const reportPath = join(place.directory, "vitest.jsonl");
    const reporterPath = join(place.directory, "vitest-reporter.mjs");
    const rest = command.rest.replace(/\s--coverage(?:\.[\w.]+)?(?:=\S+)?(?=\s|$)/g, "");
    const options = `--coverage.enabled=false --reporter=default --reporter=${quoted(reporterPath)}`;
    const text = withOptions({ ...command, rest }, "vitest", options);
    const files = new Map([[reporterPath, opening + commonJsReporter(place, reportPath) + reporter]]);
    return text === undefined ? undefined : { text, reportPath, files };
  },
  parse: parseLines,
  example: {
    command: { prefix: "", program: "npx", rest: " vitest run" },
    report: exampleLines,
    ids: exampleIds,
  },
};
