// For tests: one check tried on one small tree.

import type { CheckOutcome } from "../core/check-run.ts";
import type { Check } from "../core/checks.ts";
import { createCheckRunner } from "./check-runner.ts";
import { type Files, makeCheck, makeRepository, sandbox } from "./fixture.ts";

export interface Tried {
  readonly tree: Files;
  readonly files?: Readonly<Record<string, string>>;
  readonly run: readonly string[];
  readonly justification?: string;
  readonly environment?: "configured" | "turned";
  readonly timeoutSeconds?: number;
}

export async function tryCheck(tried: Tried): Promise<CheckOutcome> {
  await using repository = await makeRepository(tried.tree);
  const tree = { directory: repository.directory, dependencies: [], readable: [], env: {} };
  const runner = createCheckRunner({ sandbox, base: tree, head: tree, scratch: repository.scratch });
  const files = new Map(Object.entries(tried.files ?? {}));
  const check: Check = makeCheck({
    run: [...tried.run],
    overlay: [...files.keys()],
    timeoutSeconds: tried.timeoutSeconds ?? 30,
  });
  const { environment = "configured", justification = "nothing is named here" } = tried;
  return await runner.run({ check, files, on: "base", environment, justification });
}

export const add = {
  "lib/add.js": "export const add = (a, b) => a + b;\n",
  "package.json": '{"type":"module"}',
};
export const test = (body: string, imports = 'import { add } from "../lib/add.js";') =>
  `import test from "node:test"; import assert from "node:assert"; ${imports}\n${body}\n`;
export const python = (code: string) => ({
  tree: { "lib.py": `${code}\n`, "checks/__init__.py": "" },
  files: {
    "checks/a.py": `import os, sys, unittest\nsys.path.insert(0, os.getcwd())\nfrom lib import add
class T(unittest.TestCase):\n  def test(self): self.assertEqual(add(1, 2), 3)
if __name__ == "__main__": unittest.main()\n`,
  },
});
export const nodeTest = ["node", "--test", "checks/a.test.js"];
export const one = (text: string) => ({ "checks/a.test.js": text });
