import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { loadScript } from "./script-file.ts";

async function folder(files: Record<string, string>): Promise<AsyncDisposable & { path: string }> {
  const path = await mkdtemp(join(tmpdir(), "script-"));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(path, name)), { recursive: true });
    await writeFile(join(path, name), content);
  }
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}

test("reads block scalars, anchors, and files beside the script", async () => {
  await using dir = await folder({
    "s.yaml": [
      "builder:",
      "  - turns:",
      "      - &look { call: [{ bash: { command: ls } }] }",
      "      - *look",
      "      - call:",
      "          - write:",
      "              file_path: a.js",
      "              content: { file: parts/a.js }",
      "          - write:",
      "              file_path: b.js",
      "              content: |",
      "                one",
      "                  two",
    ].join("\n"),
    "parts/a.js": "const a = 1;\n",
  });
  const script = await loadScript(join(dir.path, "s.yaml"));
  const turns = script.builder?.[0]?.turns ?? [];
  expect(turns[1]).toEqual({ call: [{ bash: { command: "ls" } }] });
  expect(turns[2]?.call).toEqual([
    { write: { file_path: "a.js", content: "const a = 1;\n" } },
    { write: { file_path: "b.js", content: "one\n  two\n" } },
  ]);
});

test("takes the roles that a script does not give from the script it extends", async () => {
  await using dir = await folder({
    "base.yaml": "author: [{ turns: [{ say: { file: said.txt } }] }]\nbuilder: [{ turns: [] }]\n",
    "said.txt": "from beside the base",
    "variants/v.yaml": "extends: ../base.yaml\nbuilder: [{ turns: [{ say: own }] }]\n",
  });
  expect(await loadScript(join(dir.path, "variants/v.yaml"))).toEqual({
    author: [{ turns: [{ say: "from beside the base" }] }],
    builder: [{ turns: [{ say: "own" }] }],
  });
});

test("refuses scripts that extend each other in a circle", async () => {
  await using dir = await folder({ "a.yaml": "extends: b.yaml\n", "b.yaml": "extends: a.yaml\n" });
  await expect(loadScript(join(dir.path, "a.yaml"))).rejects.toThrow(/found a circle/);
});

test("names the place of a file that is not there", async () => {
  await using dir = await folder({ "s.yaml": "builder: [{ turns: [{ say: { file: gone.txt } }] }]\n" });
  await expect(loadScript(join(dir.path, "s.yaml"))).rejects.toThrow(
    /builder\.0\.turns\.0\.say: .* `gone\.txt`/,
  );
});

test("says where YAML itself is broken", async () => {
  await using dir = await folder({ "s.yaml": "builder: [\n" });
  await expect(loadScript(join(dir.path, "s.yaml"))).rejects.toThrow(
    /expected readable YAML, found: .*line/s,
  );
});

test("puts the extended script's turns in by their names, and refuses a name it does not have", async () => {
  await using dir = await folder({
    "base.yaml": "builder: [{ turns: [{ name: look, say: I look }] }]\n",
    "v.yaml":
      "extends: base.yaml\nverifier: [{ turns: [{ base: look, expect: x }, { call: [{ t: { base: look } }] }] }]\n",
    "w.yaml": "extends: base.yaml\nverifier: [{ turns: [{ base: leap }] }]\n",
  });
  expect((await loadScript(join(dir.path, "v.yaml"))).verifier).toEqual([
    { turns: [{ name: "look", say: "I look", expect: "x" }, { call: [{ t: { base: "look" } }] }] },
  ]);
  await expect(loadScript(join(dir.path, "w.yaml"))).rejects.toThrow(
    "verifier.0.turns.0: expected the name of a turn in the extended script (look), found `leap`",
  );
});
