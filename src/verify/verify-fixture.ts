// For tests: one small repository with a bug, its checks, and a whole verification of a change to it.
import { readdir } from "node:fs/promises";
import { hashOf } from "../core/hash.ts";
import { appendEntries } from "../core/ledger.ts";
import { type Verdict, verdictSchema } from "../core/verdict.ts";
import { type Files, makeCheck, makeChecks, makeFrame, makeRepository, sandbox } from "./fixture.ts";
import { listTree } from "./git-objects.ts";
import { computeSeal } from "./seal.ts";
import { type VerifyRequest, verifyChange } from "./verify-change.ts";

export const wrong = "export const add = (a, b) => a - b;\n";
export const right = "export const add = (a, b) => a + b;\n";
export const own = `import test from "node:test"; import assert from "node:assert"; import { add } from "../lib/add.js";
test("adds nothing", () => assert.equal(add(3, 0), 3));
test("says its type", () => assert.equal(typeof add, "function"));
`;
const start: Files = {
  "package.json": '{"type":"module","scripts":{"test":"node --test test/*.test.js"}}',
  "lib/add.js": wrong,
  "test/add.test.js": own,
  ".harness/issue-1/frame.json": "{}",
  ".github/workflows/ci.yml": "on: push\n",
};

export const checkText = (sum: string) => `import test from "node:test"; import assert from "node:assert";
import { add } from "../lib/add.js"; test("adds", () => ${sum});
`;
export const visible = makeCheck({
  id: "adds",
  overlay: ["checks/adds.test.js"],
  run: ["node", "--test", "checks/adds.test.js"],
});
const hidden = makeCheck({
  id: "hidden-7f3",
  behaviour: "adding negative numbers works",
  heldOut: true,
  overlay: ["checks/hidden-7f3.test.js"],
  run: ["node", "--test", "checks/hidden-7f3.test.js"],
});
export const checks = makeChecks([visible, hidden], {
  "checks/adds.test.js": checkText("assert.equal(add(1, 2), 3)"),
  "checks/hidden-7f3.test.js": checkText("assert.equal(add(-20, -22), -42)"),
});

interface Tried extends Partial<Omit<VerifyRequest, "head" | "frame">> {
  readonly tree?: Files;
  readonly test?: string | null;
  readonly setup?: string;
  /** Changes what is asked after everything honest has been computed. */
  readonly tamper?: (request: VerifyRequest) => VerifyRequest;
}

export async function verify(
  changed: Readonly<Record<string, string | null>>,
  tried: Tried = {},
): Promise<Verdict> {
  const { tree = {}, test = "npm test", setup = null, tamper = (same) => same, ...more } = tried;
  await using repository = await makeRepository({ ...start, ...tree });
  const base = await repository.git("rev-parse", "HEAD");
  const frame = makeFrame({ base, test, setup });
  const checkSet = more.checks ?? checks;
  const listing = await listTree(repository.directory, base);
  const sealed = { items: frame.items, checks: checkSet, base: listing, protectedPatterns: frame.protected };
  const seal = computeSeal({ ...sealed, unproven: [] });
  const request: VerifyRequest = {
    ...{
      ticket: "t-1",
      attempt: 1,
      repository: repository.directory,
      base,
      frame,
      seal,
      checks: checkSet,
      sandbox,
    },
    head: await repository.change(base, changed),
    fixed: { frame: hashOf(frame), seal: hashOf(seal) },
    ledger: appendEntries("", [{ actor: "app", type: "framed" }], "2030-01-01T00:00:00Z"),
    covered: ["item-1"],
    scratch: repository.scratch,
    ...more,
  };
  const verdict = await verifyChange(tamper(request));
  const left = (await readdir(repository.scratch)).filter((name) => name.startsWith("verify-"));
  const touched = await repository.git("status", "--porcelain");
  if (left.length > 0 || touched !== "")
    throw new Error(`expected nothing left behind, found ${left} ${touched}`);
  return verdictSchema.parse(verdict);
}

export const gate = (verdict: Verdict, name: string) => verdict.gates.find((each) => each.name === name);
export const results = (verdict: Verdict) =>
  Object.fromEntries(verdict.gates.map(({ name, result }) => [name, result]));
