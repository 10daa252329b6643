// A small repository whose tests take a given time, with a request, an honest change and its checks. Its tests compute, and do
// not sleep: what the gates add is then not hidden in waiting.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { runProcess } from "./process.ts";
import { plainEnvironment } from "./sample-run.ts";

export interface SlowSuite {
  readonly repository: string;
  readonly checks: string;
  readonly testArgv: readonly string[];
}

const testFiles = 8;

const library = (sum: string) => `// Adds up lines of a bill.
export function total(lines) {
  let sum = 0;
  for (const { price, count } of lines) {
    ${sum}
  }
  return sum;
}

export function label(lines) {
  return lines.length === 1 ? "1 line" : \`\${lines.length} lines\`;
}
`;
const wrong = library("sum += price;");
const right = library('if (count < 0) throw new RangeError("less than none");\n    sum += price * count;');

const head = `import assert from "node:assert/strict";
import test from "node:test";
`;

function slowTest(index: number, milliseconds: number): string {
  return `${head}import { label, total } from "../lib/bill.js";

test("bill ${index} adds up while much is computed", () => {
  const until = performance.now() + ${milliseconds};
  let sum = 0;
  do sum = total([{ price: ${index}, count: 1 }, { price: 2, count: 1 }]);
  while (performance.now() < until);
  assert.equal(sum, ${index + 2});
  assert.equal(label([1]), "1 line");
});
`;
}

function checkTest(body: string): string {
  return `${head}import { total } from "../lib/bill.js";

test("counts", () => {
${body}
});
`;
}

const checkBodies = {
  counts: "  assert.equal(total([{ price: 3, count: 2 }]), 6);",
  "counts-and-refuses":
    "  assert.equal(total([{ price: 5, count: 3 }, { price: 1, count: 0 }]), 15);\n  assert.throws(() => total([{ price: 5, count: -1 }]), RangeError);",
};

function write(root: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

/** Two commits below `folder`: `base`, and `head` with the change and its own test. */
export async function makeSlowSuite(folder: string, seconds: number): Promise<SlowSuite> {
  const repository = join(folder, "repository");
  const checks = join(folder, "checks");
  const each = Math.round((seconds * 1000) / testFiles);
  const tests = Array.from({ length: testFiles }, (_, index): [string, string] => [
    `test/bill-${index}.test.js`,
    slowTest(index, each),
  ]);
  write(repository, {
    "package.json": `${JSON.stringify({ name: "bill", type: "module", scripts: { test: "node --test test/*.test.js" } })}\n`,
    "lib/bill.js": wrong,
    ...Object.fromEntries(tests),
  });
  const env = { ...plainEnvironment(), GIT_CONFIG_GLOBAL: "/dev/null" };
  const git = (...words: string[]) =>
    runProcess({
      argv: ["git", "-c", "user.name=bench", "-c", "user.email=bench@localhost", ...words],
      cwd: repository,
      env,
    });
  await git("init", "-q");
  await git("add", "-A");
  await git("commit", "-qm", "A bill");
  await git("tag", "base");
  write(repository, { "lib/bill.js": right, "test/counts.test.js": checkTest(checkBodies.counts) });
  await git("add", "-A");
  await git("commit", "-qm", "Count what is bought more than once");
  await git("tag", "head");
  const entries = Object.entries(checkBodies).map(([id, body], index) => {
    const overlay = `checks/${id}.test.js`;
    write(join(checks, "files"), { [overlay]: checkTest(body) });
    const behaviour = "A line counts as often as it was bought; fewer than none is refused.";
    return {
      id,
      item: "item-1",
      behaviour,
      heldOut: index > 0,
      overlay: [overlay],
      run: ["node", "--test", overlay],
    };
  });
  write(checks, { "checks.json": JSON.stringify(entries) });
  const testArgv = ["/bin/sh", "-c", `"$0" --test test/*.test.js`, process.execPath];
  return { repository, checks, testArgv };
}
