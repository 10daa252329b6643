import { expect, test } from "vitest";
import { Problem, problemCodes } from "./problem.ts";

const facts = {
  path: "PATH",
  what: "WHAT",
  where: "WHERE",
  paths: "PATHS",
  count: 2,
  mistakes: "line 1: A\nline 2: B",
  url: "URL",
  revision: "REV",
  command: "COMMAND",
  status: "status 1",
  output: "OUTPUT",
  line: 3,
  entries: "ENTRIES",
};

test("every problem says what was expected, what was found and what to do", async () => {
  const texts = problemCodes.map((code) => {
    const problem = new Problem(code, facts);
    return `## ${code} (exit ${problem.exitCode})\n\n${problem.message}\n`;
  });
  await expect(texts.join("\n")).toMatchFileSnapshot("../../test/golden/problems.md");
});
