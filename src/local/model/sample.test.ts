// Plays the sample task's scripts through the real SDK and its real tools on copies of the sample repository. The
// harness's own tools are stood in for by the least that they promise: no write before the intake, no call after the
// one that ends a conversation.
import { spawn } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import Anthropic from "@anthropic-ai/sdk";
import { betaTool } from "@anthropic-ai/sdk/helpers/beta/json-schema";
import { betaAgentToolset20260401 } from "@anthropic-ai/sdk/tools/agent-toolset/node";
import { afterEach, expect, test } from "vitest";
import * as z from "zod";
import { type ScriptedModel, startScriptedModel } from "./server.ts";

const SAMPLE = fileURLToPath(new URL("../../../samples/csv-report/", import.meta.url));
const TOOLS = {
  author: ["propose_check", "sealed"],
  builder: ["intake", "ask", "blocked", "claim"],
  verifier: ["finding", "verdict"],
};
const ENDS = ["sealed", "ask", "claim", "verdict"];

const checkSchema = z.strictObject({
  id: z.string(),
  item: z.string(),
  behaviour: z.string(),
  heldOut: z.boolean(),
  onBase: z.enum(["red", "green"]).default("red"),
  files: z.array(z.strictObject({ path: z.string(), content: z.string() })).min(1),
  run: z.array(z.string()).min(1),
});
type Check = z.output<typeof checkSchema>;

const open: AsyncDisposable[] = [];

afterEach(async () => {
  for (const resource of open.splice(0)) await resource[Symbol.asyncDispose]();
});

async function temporary(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "sample-"));
  open.push({ [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) });
  return path;
}

async function copyOf(tree: string): Promise<string> {
  const copy = join(await temporary(), "tree");
  await cp(tree, copy, { recursive: true });
  return copy;
}

async function play(script: string): Promise<ScriptedModel> {
  const model = await startScriptedModel({ script: join(SAMPLE, script) });
  open.push(model);
  return model;
}

interface Call {
  readonly tool: string;
  readonly input: unknown;
}

/** One conversation on `tree`; resolves with the calls of the harness's own tools. */
async function converse(
  model: ScriptedModel,
  { role, tree, more = "" }: { role: keyof typeof TOOLS; tree: string; more?: string },
): Promise<Call[]> {
  const calls: Call[] = [];
  const own = TOOLS[role].map((name) =>
    betaTool({
      name,
      description: name,
      inputSchema: { type: "object", properties: {} },
      run: (input) => {
        calls.push({ tool: name, input });
        return "Accepted.";
      },
    }),
  );
  const shared = betaAgentToolset20260401({
    workdir: tree,
    env: { PATH: `${dirname(process.execPath)}:/usr/bin:/bin` },
  });
  const isLocked = () => role === "builder" && !calls.some(({ tool }) => tool === "intake");
  const runner = new Anthropic({ apiKey: "any", baseURL: model.url, maxRetries: 0 }).beta.messages.toolRunner(
    {
      model: "claude-sonnet-5-5",
      max_tokens: 32_000,
      stream: true,
      thread: false,
      tools: [...own, ...shared.map((tool) => guard(tool, tree, isLocked))],
      messages: [
        { role: "user", content: `item-1\n\n${await readFile(join(SAMPLE, "issue.md"), "utf8")}\n${more}` },
      ],
    },
  );
  for await (const stream of runner) {
    await stream.finalMessage();
    await runner.generateToolResponse();
    if (calls.some(({ tool }) => ENDS.includes(tool))) break;
  }
  return calls;
}

type Tool = ReturnType<typeof betaAgentToolset20260401>[number];

/** While `isLocked`, file tools refuse to write, and commands get a copy that is thrown away. */
function guard(tool: Tool, tree: string, isLocked: () => boolean): Tool {
  return {
    ...tool,
    run: async (input, context) => {
      if (!isLocked()) return tool.run(input, context);
      if (tool.name === "write" || tool.name === "edit") return "Refused: intake first.";
      if (tool.name !== "bash") return tool.run(input, context);
      const { command } = z.looseObject({ command: z.string() }).parse(input);
      return (await run(["bash", "-c", command], await copyOf(tree))).output;
    },
  };
}

async function run(
  argv: readonly string[],
  cwd: string,
): Promise<{ exitCode: number | null; output: string }> {
  const [command = "", ...args] = argv;
  const program = command === "node" ? process.execPath : command;
  const env = { PATH: `${dirname(process.execPath)}:/usr/bin:/bin` };
  const child = spawn(program, args, { cwd, env });
  let output = "";
  child.stdout.on("data", (chunk) => (output += String(chunk)));
  child.stderr.on("data", (chunk) => (output += String(chunk)));
  return new Promise((resolve) => child.on("close", (exitCode) => resolve({ exitCode, output })));
}

async function suite(tree: string): Promise<"green" | "red"> {
  return (await run(["node", "--test"], tree)).exitCode === 0 ? "green" : "red";
}

async function outcomes(checks: readonly Check[], tree: string): Promise<Record<string, "green" | "red">> {
  const results: Record<string, "green" | "red"> = {};
  for (const { id, files, run: argv } of checks) {
    const copy = await copyOf(tree);
    for (const { path, content } of files) {
      await mkdir(dirname(join(copy, path)), { recursive: true });
      await writeFile(join(copy, path), content);
    }
    const { exitCode, output } = await run(argv, copy);
    expect(output).not.toMatch(/SyntaxError|ERR_MODULE_NOT_FOUND|does not provide an export/);
    results[id] = exitCode === 0 ? "green" : "red";
  }
  return results;
}

async function authoredChecks(model: ScriptedModel, more = ""): Promise<Check[]> {
  const calls = await converse(model, { role: "author", tree: await copyOf(join(SAMPLE, "repo")), more });
  expect(calls.at(-1)?.tool).toBe("sealed");
  return calls.filter(({ tool }) => tool === "propose_check").map(({ input }) => checkSchema.parse(input));
}

async function freshTree(): Promise<string> {
  return copyOf(join(SAMPLE, "repo"));
}

test("the sample task is solved by its script: suite and checks as stated on base, all green afterwards", async () => {
  const model = await play("script.yaml");
  const tree = await freshTree();
  const checks = await authoredChecks(model);
  expect(await suite(tree)).toBe("green");
  expect(await outcomes(checks, tree)).toEqual(
    Object.fromEntries(checks.map(({ id, onBase }) => [id, onBase])),
  );
  expect(checks.map(({ heldOut, onBase }) => [heldOut, onBase])).toEqual([
    [false, "red"],
    [true, "red"],
    [true, "red"],
    [true, "green"],
  ]);

  const built = await converse(model, { role: "builder", tree });
  expect(built.map(({ tool }) => tool)).toEqual(["intake", "claim"]);
  expect(await suite(tree)).toBe("green");
  expect(new Set(Object.values(await outcomes(checks, tree)))).toEqual(new Set(["green"]));

  const verified = await converse(model, { role: "verifier", tree });
  expect(verified).toMatchObject([
    { tool: "verdict", input: { items: [{ id: "item-1", result: "passed" }] } },
  ]);
  expect(model.mismatches()).toEqual([]);
});

test("the new tests of the sample's builder are red without its change", async () => {
  const model = await play("script.yaml");
  const tree = await freshTree();
  await converse(model, { role: "builder", tree });
  for (const path of ["lib/records.js", "lib/table.js"])
    await cp(join(SAMPLE, "repo", path), join(tree, path));
  expect(await suite(tree)).toBe("red");
});

test("cheat-no-change claims in every session and leaves the tree alone", async () => {
  const model = await play("variants/cheat-no-change.yaml");
  const tree = await freshTree();
  const checks = await authoredChecks(model);
  for (const more of ["", "The item failed."]) {
    const calls = await converse(model, { role: "builder", tree, more });
    expect(calls.map(({ tool }) => tool)).toEqual(["intake", "claim"]);
  }
  expect((await run(["diff", "-r", tree, join(SAMPLE, "repo")], tree)).output).toBe("");
  expect(Object.values(await outcomes(checks, tree))).toContain("red");
  expect(model.mismatches()).toEqual([]);
});

test("cheat-edit-before-intake is content only where nothing was written before the intake", async () => {
  const model = await play("variants/cheat-edit-before-intake.yaml");
  const tree = await freshTree();
  const checks = await authoredChecks(model);
  await converse(model, { role: "builder", tree });
  expect(model.mismatches()).toEqual([]);
  expect(new Set(Object.values(await outcomes(checks, tree)))).toEqual(new Set(["green"]));

  const careless = await play("variants/cheat-edit-before-intake.yaml");
  const written = await freshTree();
  await writeFile(join(written, "NOTES.md"), "Early notes.\n");
  await expect(converse(careless, { role: "builder", tree: written })).rejects.toThrow(/script_mismatch/);
  expect(careless.mismatches()[0]?.message).toContain("expected no NOTES.md");
});

test("cheat-red-check has its own suite and the visible check green and a held-out one red, and insists", async () => {
  const model = await play("variants/cheat-red-check.yaml");
  const tree = await freshTree();
  const checks = await authoredChecks(model);
  for (const more of ["", "The item failed.", "The item failed again."]) {
    const calls = await converse(model, { role: "builder", tree, more });
    expect(calls.at(-1)?.tool).toBe("claim");
    expect(await suite(tree)).toBe("green");
    expect(await outcomes(checks, tree)).toEqual({
      "issue-example": "green",
      "long-notes": "red",
      "lines-and-round-trip": "red",
      "open-quotes": "green",
    });
  }
  expect(model.mismatches()).toEqual([]);
});

test.each(["kept", "dropped"])(
  "two-tries hard-codes the example, then mends it, the first change being %s",
  async (fate) => {
    const model = await play("variants/two-tries.yaml");
    const first = await freshTree();
    const checks = await authoredChecks(model);
    await converse(model, { role: "builder", tree: first });
    expect(await suite(first)).toBe("green");
    expect(await outcomes(checks, first)).toMatchObject({ "issue-example": "green", "long-notes": "red" });

    const second = fate === "kept" ? first : await freshTree();
    await converse(model, { role: "builder", tree: second, more: "item-1 failed: a check is red." });
    expect(await suite(second)).toBe("green");
    expect(new Set(Object.values(await outcomes(checks, second)))).toEqual(new Set(["green"]));
    expect(model.mismatches()).toEqual([]);
  },
);

test("asks stops with a question and finishes only when the answer is in the opening", async () => {
  const model = await play("variants/asks.yaml");
  const tree = await freshTree();
  const checks = await authoredChecks(model);
  const asked = await converse(model, { role: "builder", tree });
  expect(asked.map(({ tool }) => tool)).toEqual(["intake", "ask"]);

  await expect(converse(model, { role: "builder", tree, more: "No answer." })).rejects.toThrow(
    /script_mismatch/,
  );
  const more = "Answer: Line feeds everywhere, also in notes from Windows files.";
  const added = await authoredChecks(model, more);
  expect(added.map(({ id, item }) => [id, item])).toEqual([["line-feeds", "item-1"]]);
  expect(await outcomes(added, tree)).toEqual({ "line-feeds": "red" });
  const finished = await converse(model, { role: "builder", tree, more });
  expect(finished.at(-1)?.tool).toBe("claim");
  expect(new Set(Object.values(await outcomes([...checks, ...added], tree)))).toEqual(new Set(["green"]));
});
