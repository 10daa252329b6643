import { readFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parsePrompt } from "../session/prompts.ts";
import {
  createFrame,
  createRepository,
  openSandbox,
  playScript,
  type ScriptTurns,
} from "../session/testing.ts";
import { type AuthorOptions, type AuthorResult, authorChecks } from "./author.ts";
import { createCheckRunner } from "./check-runner.ts";

const prompt = parsePrompt(readFileSync(new URL("../../prompts/author.md", import.meta.url), "utf8"));
const request = { title: "total() is wrong", body: "- total([1, 2]) must be 3.\n- total([]) must be 0." };

interface Authored extends AuthorResult {
  readonly mismatches: readonly string[];
  readonly opening: string;
}

async function author(turns: ScriptTurns, changes: Partial<AuthorOptions> = {}): Promise<Authored> {
  await using repo = await createRepository({
    "package.json": '{"name":"totals","type":"module"}\n',
    "src/total.js":
      "export const total = (list) => list[0];\nexport class Cart { items = []; sum() { return 0; } }\n",
  });
  await using script = await playScript({ author: [{ turns }] });
  const sandbox = openSandbox();
  const scratch = join(repo.beside, "runs");
  await mkdir(scratch);
  const tree = { directory: repo.path, dependencies: [], readable: [], env: {} };
  const frame = createFrame(request, repo.head, ["total([1, 2]) must be 3.", "total([]) must be 0."]);
  const result = await authorChecks({
    model: script.model,
    sandbox,
    clock: { now: () => Date.now() },
    signal: new AbortController().signal,
    workspace: repo.path,
    prompt,
    limits: {
      model: "claude-opus-5-5",
      deadlineAt: Date.now() + 60_000,
      tokensLeft: 1_000_000,
      usdLeft: null,
      contextTokens: 200_000,
      contextShare: 0.6,
      maxOutputTokens: 4_000,
    },
    secrets: [],
    scratchDir: join(repo.beside, "outputs"),
    frame,
    items: frame.items,
    answers: [],
    keepsBehaviour: false,
    runner: createCheckRunner({ sandbox, base: tree, head: tree, scratch }),
    ...changes,
  });
  return {
    ...result,
    mismatches: script.mismatches(),
    opening: String(JSON.stringify(script.requests()[0])),
  };
}

function propose(id: string, change: Readonly<Record<string, unknown>> = {}) {
  const path = `checks/${id}.mjs`;
  const content = `import { total } from "../src/total.js";\nif (total([1, 2]) !== 3) process.exit(1);\n`;
  const given = { id, item: "item-1", behaviour: `behaviour ${id}`, heldOut: false };
  return { propose_check: { ...given, files: [{ path, content }], run: ["node", path], ...change } };
}

function fileOf(id: string, content: string) {
  return { files: [{ path: `checks/${id}.mjs`, content }] };
}

const empty = fileOf(
  "b",
  'import { total } from "../src/total.js";\nif (total([]) !== 0) process.exit(1);\n',
);
const seal = { call: [{ sealed: {} }] };

test("checks that are red at base are kept, visible and held-out apart", async () => {
  const result = await author([
    { call: [propose("a"), propose("b", { item: "item-2", heldOut: true, ...empty })] },
    { expect: ["a is red at base, as stated", "b is red at base, as stated"], ...seal },
  ]);
  expect(result.mismatches).toEqual([]);
  expect(result.end).toEqual({ kind: "sealed" });
  expect(result.visible.checks.map(({ id }) => id)).toEqual(["a"]);
  expect(result.heldOut.checks.map(({ id }) => id)).toEqual(["b"]);
  expect([...result.heldOut.files.keys()]).toEqual(["checks/b.mjs"]);
  expect(result.unproven).toEqual([]);
  expect(result.usage.planning?.outputTokens).toBeGreaterThan(0);
});

test("a check that is green at base may be sent once more, then it is dropped and its item is unproven", async () => {
  const green = propose("a", fileOf("a", "process.exit(0);\n"));
  const result = await author([
    { call: [green] },
    { expect: ["a is green at base, expected red", "once more"], call: [green] },
    { expect: "dropped", call: [green] },
    { expect: "dropped already", call: [propose("b", { item: "item-2", ...empty })] },
    { ...seal },
    { expect: "proves item-1", ...seal },
  ]);
  expect(result.mismatches).toEqual([]);
  expect(result).toMatchObject({ end: { kind: "sealed" }, dropped: ["a"], unproven: ["item-1"] });
});

test("a check that cannot be loaded proves nothing", async () => {
  const missing = propose("a", fileOf("a", 'import "../src/nothing-here.js";\n'));
  const result = await author([{ call: [missing] }, { expect: "a is broken at base", ...seal }, { ...seal }]);
  expect(result.mismatches).toEqual([]);
  expect(result.visible.checks).toEqual([]);
  expect(result.unproven).toEqual(["item-1", "item-2"]);
});

test("a check may state that it is green at base, but that proves no item", async () => {
  const kept = propose("a", { onBase: "green", ...fileOf("a", "process.exit(0);\n") });
  const result = await author([
    { call: [kept] },
    { expect: "green at base, as stated", ...seal },
    { ...seal },
  ]);
  expect(result.visible.checks).toHaveLength(1);
  expect(result.unproven).toEqual(["item-1", "item-2"]);
});

test("a kind that keeps behaviour is proved by checks that are green at base", async () => {
  const kept = propose("a", { onBase: "green", ...fileOf("a", "process.exit(0);\n") });
  const result = await author([{ call: [kept] }, { ...seal }, { ...seal }], { keepsBehaviour: true });
  expect(result.unproven).toEqual(["item-2"]);
});

test.each([
  ["an unknown item", { item: "item-9" }, "expected one of item-1, item-2"],
  ["a path outside the tree", { files: [{ path: "../x.mjs", content: "" }] }, "relative path"],
  ["a file that base has", { files: [{ path: "src/total.js", content: "" }] }, "found one at base"],
  ["a path of the workflow", { files: [{ path: ".github/x.yml", content: "" }] }, "outside .git"],
])("refuses %s", async (_, change, expected) => {
  const result = await author([{ call: [propose("a", change)] }, { expect: expected, ...seal }, { ...seal }]);
  expect(result.mismatches).toEqual([]);
  expect(result.visible.checks).toEqual([]);
});

test("a held-out check may not use a name that nobody could know, and may use those of a visible one", async () => {
  const invented = fileOf(
    "b",
    'import { total, Cart } from "../src/total.js";\nconst cart = new Cart();\nif (cart.grandTotal([]) !== total([])) process.exit(1);\n',
  );
  const told = fileOf(
    "v",
    'import { Cart } from "../src/total.js";\nconst cart = new Cart();\nif (cart.grandTotal?.([]) !== 0) process.exit(1);\n',
  );
  const held = { item: "item-2", heldOut: true, ...invented };
  const result = await author([
    { call: [propose("b", held)] },
    { expect: "found grandTotal", call: [propose("v", { item: "item-2", ...told })] },
    { call: [propose("b", held), propose("a")] },
    { expect: "b is red at base", ...seal },
  ]);
  expect(result.mismatches).toEqual([]);
  expect(result.heldOut.checks.map(({ id }) => id)).toEqual(["b"]);
});

test("a conversation that breaks off keeps what was accepted and says why it ended", async () => {
  const result = await author([
    { call: [propose("a")] },
    { error: { status: 401, type: "authentication_error", message: "invalid x-api-key", times: "always" } },
  ]);
  expect(result.end).toMatchObject({ kind: "service", status: 401 });
  expect(result.visible.checks).toHaveLength(1);
  expect(result.unproven).toEqual(["item-2"]);
});

test("without items nobody is asked", async () => {
  const result = await author([], { items: [] });
  expect(result).toMatchObject({ turns: 0, end: { kind: "sealed" }, unproven: [] });
  expect(result.opening).toBe("undefined");
});

test("the author is told request, answers, ids and spans, and what it changes at base is not kept", async () => {
  const result = await author(
    [
      { call: [{ bash: { command: "echo broken > src/total.js" } }, propose("a")] },
      { expect: "discarded", ...seal },
      { ...seal },
    ],
    { answers: ["Rounding is half up."] },
  );
  expect(result.mismatches).toEqual([]);
  expect(result.visible.checks).toHaveLength(1);
  for (const text of ["item-1", "must be 3", "Rounding is half up"]) expect(result.opening).toContain(text);
});
