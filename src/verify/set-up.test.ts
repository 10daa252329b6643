import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Command } from "../core/frame.ts";
import { type Files, makeRepository, sandbox } from "./fixture.ts";
import { type PreparedTrees, prepareTrees, type SetUp } from "./set-up.ts";
import { layTrees } from "./trees.ts";
import { openWorkCopy } from "./work-copy.ts";

const start: Files = {
  "package.json": '{"name":"x"}',
  "src.txt": "base",
  "make.sh": "cat src.txt > out.txt\n",
};

interface Prepared extends AsyncDisposable {
  readonly prepared: PreparedTrees;
  /** What a command prints in a fresh copy of the tree. */
  run(on: "base" | "head", script: string): Promise<string>;
}

async function prepare(
  setUp: SetUp,
  given: {
    readonly tree?: Files;
    readonly changed?: Readonly<Record<string, string>>;
    readonly checkout?: Files;
  } = {},
): Promise<Prepared> {
  await using stack = new AsyncDisposableStack();
  const repository = stack.use(await makeRepository({ ...start, ...given.tree }));
  const base = await repository.git("rev-parse", "HEAD");
  const trees = await layTrees({
    ...{ repository: repository.directory, base, isProtected: () => false },
    head: await repository.change(base, given.changed ?? { "src.txt": "head" }),
    directory: join(repository.scratch, "trees"),
  });
  const prepared = await prepareTrees({ trees, setUp, sandbox, directory: repository.scratch });
  const kept = stack.move();
  return {
    prepared,
    async run(on, script) {
      await using copy = await openWorkCopy(prepared[on], repository.scratch);
      const { readable, env } = prepared[on];
      const argv = ["/bin/sh", "-c", script];
      const result = await sandbox.run({ argv, workspace: copy.directory, readable, env, timeoutMs: 30_000 });
      return `${result.output.trim()} (${result.exitCode})`;
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

const install = (more = ""): Command =>
  `mkdir -p node_modules/dep && echo 'module.exports = "dep"' > node_modules/dep/index.js && cp package.json node_modules/.lock${more}`;

describe("prepareTrees", () => {
  it("runs set-up once, on base's manifests, and shares what it brought", async () => {
    const changed = { "package.json": '{"name":"changed"}', "src.txt": "head" };
    await using made = await prepare({ command: install() }, { changed });
    for (const on of ["base", "head"] as const)
      expect(await made.run(on, `node -p 'require("dep")'`)).toBe("dep (0)");
    expect(await made.run("head", "cat node_modules/.lock; cat src.txt")).toBe('{"name":"x"}head (0)');
    expect(made.prepared.how).toContain("on base");
  });

  it("builds head from head's own files where set-up also builds", async () => {
    await using made = await prepare({ command: install(" && sh make.sh") });
    expect(await made.run("base", "cat out.txt")).toBe("base (0)");
    expect(await made.run("head", "cat out.txt")).toBe("head (0)");
  });

  it("runs nothing of the change with the network on", async () => {
    const probe =
      'node -e \'require("net").connect(1, "192.0.2.1").on("error", (e) => console.log(e.code))\' > out.txt';
    await using made = await prepare(
      { command: "echo base > out.txt; sh make.sh", timeoutMs: 20_000 },
      { changed: { "make.sh": probe } },
    );
    if (sandbox.kind === "bubblewrap") expect(await made.run("head", "cat out.txt")).toBe("ENETUNREACH (0)");
  });

  it("prefers the text of init.sh", async () => {
    await using made = await prepare({
      command: "exit 9",
      initScript: "set -eu\nmkdir -p vendor\necho v > vendor/v\n",
    });
    expect(await made.run("head", "cat vendor/v")).toBe("v (0)");
  });

  it("uses the dependency folders of a checkout, without running anything", async () => {
    await using checkout = await makeRepository({});
    await mkdir(join(checkout.directory, "node_modules/@scope/dep"), { recursive: true });
    await writeFile(
      join(checkout.directory, "node_modules/@scope/dep/index.js"),
      "module.exports = 'reused';",
    );
    await using made = await prepare({ command: "exit 9", reuse: checkout.directory });
    expect(await made.run("head", `node -p 'require("@scope/dep")'`)).toBe("reused (0)");
    expect(await readFile(join(checkout.directory, "node_modules/@scope/dep/index.js"), "utf8")).toContain(
      "reused",
    );
  });

  it("lets a workspace's link lead into the copy, not to base", async () => {
    const link = "mkdir -p node_modules && ln -s ../packages/own node_modules/own";
    const text = (of: string) => `module.exports = "${of}";`;
    const tree = { "packages/own/index.js": text("base") };
    await using made = await prepare(
      { command: link },
      { tree, changed: { "packages/own/index.js": text("head") } },
    );
    expect(await made.run("base", `node -p 'require("own")'`)).toBe("base (0)");
    expect(await made.run("head", `node -p 'require("own")'`)).toBe("head (0)");
  });

  it("puts aside what the change itself has in a dependency folder", async () => {
    const changed = { "node_modules/dep/index.js": "module.exports = 'trojan';" };
    await using made = await prepare({ command: install() }, { changed });
    expect(await made.run("head", `node -p 'require("dep")'`)).toBe("dep (0)");
  });

  it("says what failed when set-up fails on base", async () => {
    await expect(prepare({ command: "echo no such registry; exit 3" })).rejects.toMatchObject({
      code: "setup-failed",
      facts: { status: "status 3", output: "no such registry" },
    });
  });
});
