import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Check, noChecks } from "../core/checks.ts";
import { Problem } from "../core/problem.ts";
import { gates as allGates } from "../gates/index.ts";
import { redGreen } from "../gates/red-green.ts";
import { readChecksFolder } from "../local/verify/checks-folder.ts";
import { type Files, makeCheck, makeChecks, sandbox } from "./fixture.ts";
import { numberRuns } from "./run-number-fixture.ts";
import { gate, results, right, verify } from "./verify-fixture.ts";

const isConfined = sandbox.kind === "bubblewrap";

interface Bad {
  readonly run: readonly string[];
  readonly files?: Readonly<Record<string, string>>;
  readonly more?: Partial<Check>;
  readonly tree?: Files;
}

/** The verdict on an honest change, by this one check. */
async function judge(
  { run, files = {}, more = {}, tree = {} }: Bad,
  tried: Parameters<typeof verify>[1] = {},
) {
  const check = makeCheck({ run: [...run], overlay: Object.keys(files), timeoutSeconds: 10, ...more });
  return verify(
    { "lib/add.js": right },
    { checks: makeChecks([check], files), gates: [redGreen], tree, ...tried },
  );
}

const sh = (text: string): Bad => ({ run: ["sh", "-c", text] });
const node = (text: string): Bad => ({ run: ["node", "c.js"], files: { "c.js": text } });
const python = (text: string): Bad => ({ run: ["python3", "c.py"], files: { "c.py": text } });

describe("a bad check", () => {
  const timeoutSeconds = 2;
  it.each<[string, string, Bad]>([
    ["has an unknown command", "unknown command", { run: ["no-such-command", "--all"] }],
    ["has a file for a command that cannot be run", "unknown command", { run: ["./package.json"] }],
    ["has an empty command", "empty command", { run: [] }],
    ["has a blank command", "empty command", { run: [" ", "\t"] }],
    ["cannot be loaded", "could not be loaded", node('import "./nothing.js";')],
    ["has no test", "no test ran", { run: ["node", "--test", "none/*.test.js"] }],
    ["hangs", "timed out", { ...node("setInterval(() => {}, 1000);"), more: { timeoutSeconds } }],
    [
      "hangs and takes no signal",
      "timed out",
      { ...sh("trap '' TERM INT HUP; while :; do sleep 1; done"), more: { timeoutSeconds } },
    ],
    ["floods its output", "output flooded", sh("head -c 300000000 /dev/zero | tr '\\0' x; exit 1")],
    ["floods its output without end", "output flooded", { ...sh("yes"), more: { timeoutSeconds } }],
    [
      "kills its parent",
      "killed",
      node('process.kill(process.ppid, "SIGKILL"); setInterval(() => {}, 1000);'),
    ],
    ["kills itself", "killed", node('process.kill(process.pid, "SIGKILL");')],
    ["writes a huge file", "file too large", sh("cat /dev/zero > huge")],
    [
      "writes a huge file from Python",
      "file too large",
      python("open('huge', 'wb').write(b'x' * (300 << 20))"),
    ],
    ["has a file that leads out of the tree", "unsafe path", { run: ["true"], files: { "../c.js": "" } }],
    ["has a file with an absolute path", "unsafe path", { run: ["true"], files: { "/tmp/c.js": "" } }],
    ["has a file in .git", "unsafe path", { run: ["true"], files: { ".git/hooks/pre-commit": "" } }],
    [
      "has a file in .harness",
      "unsafe path",
      { run: ["true"], files: { ".harness/issue-1/frame.json": "" } },
    ],
    [
      "has a file behind a link",
      "unsafe path",
      { run: ["true"], files: { "out/c.js": "" }, tree: { out: { link: "/tmp" } } },
    ],
    ["lacks its file", "missing file", { run: ["node", "c.js"], more: { overlay: ["c.js"] } }],
  ])("that %s is named: %s", async (_, fault, bad) => {
    const verdict = await judge(bad);
    expect(verdict).toMatchObject({ result: "fail", items: [{ result: "failed" }] });
    expect(verdict.items[0]?.why).toMatch(
      new RegExp(`^red-green: the check "[^"]+": ${fault}: .* \\(on base\\)$`),
    );
  });

  it.skipIf(!isConfined).each<[string, string, Bad]>([
    ["looks up a host", "needs the network", node('await fetch("https://example.com");')],
    [
      "connects to an address",
      "needs the network",
      python("import socket\nsocket.create_connection(('192.0.2.1', 80))"),
    ],
    ["downloads", "needs the network", sh("curl -sS https://example.com")],
    ["forks without end", "too many processes", python("import os\nwhile True: os.fork()")],
    ["forks without end in a shell", "too many processes", sh("f() { f & f; }; f")],
    ["forks without end and ends well", "too many processes", sh("(f() { f & f; }; f); exit 0")],
    [
      "starts itself without end",
      "too many processes",
      node(
        'import { spawn } from "node:child_process";\nsetInterval(() => spawn(process.execPath, [import.meta.filename]), 1);',
      ),
    ],
  ])("that %s is contained and named: %s", async (_, fault, bad) => {
    const verdict = await judge(bad);
    expect(verdict.items[0]).toMatchObject({ result: "failed" });
    expect(verdict.items[0]?.why).toContain(`: ${fault}: `);
  });

  it("that ends while its children live on is judged by its own end, and nothing of it is left", async () => {
    const leave = 'import { spawn } from "node:child_process"; import { add } from "./lib/add.js";\n';
    const child = 'spawn("sleep", ["987654"], { detached: true, stdio: "ignore" }).unref();\n';
    const verdict = await judge(node(`${leave}${child}process.exit(add(1, 2) === 3 ? 0 : 1);`));
    expect(verdict.result).toBe("pass");
    const { execFileSync } = await import("node:child_process");
    expect(execFileSync("ps", ["-eo", "args"], { encoding: "utf8" })).not.toContain("sleep 987654");
  });

  it("is waited for once on base and once on the change, whatever other gates there are", async () => {
    const { sandbox: numbered, runs } = numberRuns();
    const check = { ...sh("sleep 600"), more: { timeoutSeconds } };
    const verdict = await judge(check, { sandbox: numbered, gates: allGates, test: null });
    expect(results(verdict)).toMatchObject({ "red-green": "fail", mutation: "skip" });
    expect(runs).toEqual({ base: 1, head: 1 });
  });

  it("that hangs or floods only on the change is named there", async () => {
    const hang = node(
      'import { add } from "./lib/add.js"; if (add(1, 2) !== 3) throw new Error("no"); setInterval(() => {}, 9);',
    );
    const verdict = await judge({ ...hang, more: { timeoutSeconds } });
    expect(verdict.items[0]?.why).toMatch(/: timed out: it did not end within 2 s \(on the change\)$/);
  });

  it("that fails for want of the network on base alone still proves a change that needs none", async () => {
    const tree = { "lib/add.js": 'await fetch("https://example.com");\nexport const add = () => 0;\n' };
    const text = 'import { add } from "./lib/add.js"; if (add(1, 2) !== 3) throw new Error("no");';
    expect((await judge({ ...node(text), tree })).result).toBe("pass");
  });
});

describe("no check", () => {
  it("leaves the item unproven by name, with every gate", async () => {
    const verdict = await verify({ "lib/add.js": right }, { checks: noChecks });
    expect(verdict).toMatchObject({ result: "fail", items: [{ id: "item-1", result: "unproven" }] });
    expect(verdict.items[0]?.why).toMatch(/^red-green: no check: /);
    expect(gate(verdict, "red-green")?.why).toBe("item-1: no check: nothing shows that the change brings it");
    expect(results(verdict)).toMatchObject({ "red-green": "fail", mutation: "skip", scope: "pass" });
  });
});

describe("a check that is red one time in three", () => {
  const honest =
    'import { add } from "./lib/add.js"; const { SIDE, RUN } = process.env;\nif (add(1, 2) !== 3) throw new Error("no");\n';
  const red = (condition: string) => node(`${honest}if (${condition}) throw new Error("by chance");`);
  const green = (condition: string) => node(honest.replace("\n", ` if (${condition}) process.exit(0);\n`));

  it.each<[string, Bad, string]>([
    ["on the change, from the first", red('SIDE === "head" && RUN % 3 === 1'), "on the change"],
    ["on the change, after eight green runs", red('SIDE === "head" && RUN % 9 === 0'), "on the change"],
    ["on the change, at the very last run", red('SIDE === "head" && RUN === "12"'), "on the change"],
    ["on base", green('SIDE === "base" && RUN % 3 !== 1'), "on base"],
    ["on both", node("if (process.env.RUN % 3 !== 0) process.exit(0); process.exit(1);"), "on base"],
  ])("%s is flaky by name", async (_, bad, where) => {
    const verdict = await judge(bad, { sandbox: numberRuns().sandbox });
    expect(verdict).toMatchObject({ result: "fail", items: [{ result: "failed" }] });
    expect(verdict.items[0]?.why).toContain(
      `: flaky: ${where}, its result differs between runs that are alike`,
    );
  });

  it("is not what a steady check is taken for", async () => {
    const { sandbox: numbered, runs } = numberRuns();
    expect((await judge(red("false"), { sandbox: numbered })).result).toBe("pass");
    expect(runs.base).toBe(4);
    expect(runs.head).toBeGreaterThanOrEqual(12);
  });
});

describe("a folder of checks", () => {
  async function read(checks: unknown, link?: string): Promise<unknown> {
    const folder = await mkdtemp(join(tmpdir(), "bad-checks-"));
    try {
      if (checks !== undefined) await writeFile(join(folder, "checks.json"), JSON.stringify(checks));
      await mkdir(join(folder, "files"));
      if (link !== undefined) await symlink(link, join(folder, "files", "c.js"));
      return await readChecksFolder(folder).catch((error: unknown) =>
        error instanceof Problem ? error.code : error,
      );
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
  const check = { ...makeCheck({ run: ["node", "c.js"], overlay: ["c.js"] }) };

  it("may be empty: that is for the verdict", async () => {
    expect(await read([])).toMatchObject({ checks: [] });
  });

  it.each<[string, unknown, string?]>([
    ["is not there", undefined],
    ["has a check without a command", [{ ...check, run: [] }]],
    ["has a path that leads out", [{ ...check, overlay: ["../c.js"] }]],
    ["has an absolute path", [{ ...check, overlay: ["/etc/passwd"] }]],
    ["lacks a file", [check]],
    ["has a link that leads out", [check], "/etc/passwd"],
    ["has two checks of one id", [check, check]],
  ])("is wrong use where it %s", async (_, checks, link) => {
    expect(await read(checks, link)).toBe("checks-invalid");
  });
});
