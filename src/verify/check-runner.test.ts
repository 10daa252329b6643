import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { add, nodeTest, one, python, test, tryCheck } from "./check-fixture.ts";
import { createCheckRunner } from "./check-runner.ts";
import { makeCheck, makeRepository, sandbox } from "./fixture.ts";

describe("a check that runs to its end", () => {
  it("is green when it succeeds and red when it fails", async () => {
    const green = await tryCheck({
      tree: add,
      run: nodeTest,
      files: one(test("test('adds', () => assert.equal(add(1, 2), 3));")),
    });
    expect(green).toMatchObject({ status: "green" });
    const red = await tryCheck({
      tree: add,
      run: nodeTest,
      files: one(test("test('adds', () => assert.equal(add(1, 2), 4));")),
    });
    expect(red).toMatchObject({ status: "red" });
    expect(red.output).toContain("actual: 3");
  });

  it("is red when the code under test throws a SyntaxError of its own", async () => {
    const body = "test('parses', () => { JSON.parse('{'); });";
    expect(await tryCheck({ tree: add, run: nodeTest, files: one(test(body)) })).toMatchObject({
      status: "red",
    });
  });

  it("is red for a plain script that throws, green for one that does not", async () => {
    const run = ["node", "checks/a.js"];
    const script = (sum: number) => ({
      "checks/a.js": `import { add } from "../lib/add.js"; if (add(1, 2) !== ${sum}) throw new Error("wrong");`,
    });
    expect(await tryCheck({ tree: add, run, files: script(3) })).toMatchObject({ status: "green" });
    expect(await tryCheck({ tree: add, run, files: script(4) })).toMatchObject({ status: "red" });
  });
});

describe("a plain script", () => {
  it("may end the process itself, and start others that do", async () => {
    const text = `import { spawnSync, fork } from "node:child_process"; import { add } from "../lib/add.js";
      if (process.argv[2] === "child") process.exit(0);
      spawnSync(process.execPath, ["-e", "process.exit(0)"]);
      fork(import.meta.filename, ["child"]).on("exit", () => process.exit(add(1, 2) === 3 ? 0 : 1));`;
    const tried = { tree: add, run: ["node", "checks/a.js"], files: { "checks/a.js": text } };
    expect(await tryCheck(tried)).toMatchObject({ status: "green" });
  });

  it("is no matter of ours where it is the repository's own program", async () => {
    const tree = { ...add, "bin/cli.js": 'import "../lib/add.js"; process.exit(Number(process.argv[2]));' };
    expect(await tryCheck({ tree, run: ["node", "bin/cli.js", "0"] })).toMatchObject({ status: "green" });
    expect(await tryCheck({ tree, run: ["node", "bin/cli.js", "1"] })).toMatchObject({ status: "red" });
  });

  it("may end itself where it is given as a text", async () => {
    for (const [kind, load] of [
      ["module", "await import"],
      ["commonjs", "require"],
    ] as const) {
      const text = `const { add } = ${load}("./lib/add.js"); process.exit(add(1, 2) === 3 ? 0 : 1);`;
      const run = ["node", `--input-type=${kind}`, "-e", text];
      expect(await tryCheck({ tree: add, run }), kind).toMatchObject({ status: "green" });
    }
  });

  it.each([[["python3", "checks/a.py"]], [["python3", "-m", "unittest", "checks.a"]]])(
    "may be Python's: %s",
    async (run) => {
      expect(await tryCheck({ ...python("def add(a, b): return a + b"), run })).toMatchObject({
        status: "green",
      });
      expect(await tryCheck({ ...python("def add(a, b): return a - b"), run })).toMatchObject({
        status: "red",
      });
    },
  );

  it("may be given as a text", async () => {
    const text =
      'import("./lib/add.js").then(({ add }) => { if (add(1, 2) !== 3) throw new Error("it\'s wrong"); })';
    expect(await tryCheck({ tree: add, run: ["node", "-e", text] })).toMatchObject({ status: "green" });
  });
});

describe("a check that does not end well", () => {
  it("is broken when it hangs", async () => {
    const outcome = await tryCheck({ tree: {}, run: ["sh", "-c", "sleep 600"], timeoutSeconds: 1 });
    expect(outcome).toMatchObject({ status: "broken", why: "timed out: it did not end within 1 s" });
  });

  it("is broken when it floods its output, and what is shown is short", async () => {
    const outcome = await tryCheck({ tree: {}, run: ["sh", "-c", "yes | head -c 5000000; exit 1"] });
    expect(outcome).toMatchObject({
      status: "broken",
      why: "output flooded: it wrote more output than is allowed",
    });
    expect(outcome.output.length).toBeLessThan(5000);
  });

  it("is broken when a signal ends it", async () => {
    const run = ["node", "-e", 'process.kill(process.pid, "SIGKILL")'];
    expect(await tryCheck({ tree: {}, run })).toMatchObject({
      status: "broken",
      why: "killed: a signal ended it",
    });
    expect(await tryCheck({ tree: {}, run: ["sh", "-c", "kill -9 $$"] })).toMatchObject({ status: "broken" });
  });
});

describe("a run", () => {
  it("inherits no variable, and has CI only when turned", async () => {
    const script = { "a.js": "console.log(JSON.stringify(process.env)); process.exit(1);" };
    const plain = await tryCheck({ tree: script, run: ["node", "a.js"] });
    expect(plain.output).not.toMatch(/"CI"|NODE_ENV|VITEST|NODE_TEST_CONTEXT/);
    const turned = await tryCheck({ tree: script, run: ["node", "a.js"], environment: "turned" });
    expect(turned.output).toMatch(/"CI":"true"/);
    expect(turned.output).toMatch(/"NODE_ENV":"test"/);
  });

  it("sees nothing of what an earlier run did to its tree", async () => {
    await using repository = await makeRepository({ "count.txt": "" });
    const tree = { directory: repository.directory, dependencies: [], readable: [], env: {} };
    const runner = createCheckRunner({ sandbox, base: tree, head: tree, scratch: repository.scratch });
    const check = makeCheck({ run: ["sh", "-c", "test ! -s count.txt || exit 3; echo x >> count.txt"] });
    for (const on of ["base", "head", "head"] as const)
      expect(await runner.run({ check, files: new Map(), on, justification: "" })).toMatchObject({
        status: "green",
      });
  });

  it("never writes a check's file through a link of the tree", async () => {
    await using outside = await makeRepository({ "keep.txt": "keep" });
    const outcome = await tryCheck({
      tree: { checks: { link: outside.directory } },
      run: ["true"],
      files: { "checks/keep.txt": "overwritten" },
    });
    expect(outcome).toMatchObject({ status: "broken", why: expect.stringContaining("through a link") });
    expect(await outside.git("status", "--porcelain")).toBe("");
  });

  it("gets dependency folders whose packages it cannot change for the next run", async () => {
    await using repository = await makeRepository({ "package.json": '{"type":"module"}' });
    const modules = join(repository.scratch, "prepared/node_modules");
    await mkdir(join(modules, "dep"), { recursive: true });
    await writeFile(join(modules, "dep/index.js"), "module.exports = 'original';");
    const dependencies = [{ path: "node_modules", from: modules }];
    const tree = { directory: repository.directory, dependencies, readable: [modules], env: {} };
    const runner = createCheckRunner({ sandbox, base: tree, head: tree, scratch: repository.scratch });
    const script = `import dep from "dep"; import { mkdirSync, writeFileSync } from "node:fs";
      mkdirSync("node_modules/.tool"); if (dep !== "original") process.exit(2);
      try { writeFileSync("node_modules/dep/index.js", "module.exports = 'evil'"); } catch { }`;
    const check = makeCheck({ run: ["node", "a.js"], overlay: ["a.js"] });
    const files = new Map([["a.js", script]]);
    const statuses = [];
    for (const on of ["head", "base"] as const)
      statuses.push((await runner.run({ check, files, on, justification: "" })).status);
    expect(statuses).toEqual(sandbox.kind === "bubblewrap" ? ["green", "green"] : ["green", "red"]);
  });
});
