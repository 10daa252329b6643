// The documents against the code: generated parts, links, anchors, commands, examples.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { expect, test } from "vitest";
import { helpTerms } from "../../scripts/docs/command-line.ts";
import { unreadKeys } from "../../scripts/docs/configuration.ts";
import { documentPaths, refresh, root, staleDocuments } from "../../scripts/docs.ts";
import { checksSchema } from "../../src/core/checks.ts";
import { configSchema, parseConfig } from "../../src/core/config.ts";
import { frameKinds } from "../../src/frames/index.ts";
import { commandFault } from "./command-faults.ts";
import { anchors, codeBlocks, inlineCode, linkTargets, shellCommands } from "./markdown.ts";

const documents = new Map(documentPaths().map((path) => [path, readFileSync(join(root, path), "utf8")]));

function textOf(path: string): string {
  const text = documents.get(path);
  if (text === undefined) throw new Error(`Expected a document at ${path}, found none.`);
  return text;
}

/** Faults of all documents, each with its page before it. */
function everywhere(faultsOf: (text: string, path: string) => readonly string[]): string[] {
  return [...documents].flatMap(([path, text]) => faultsOf(text, path).map((fault) => `${path}: ${fault}`));
}

/** A relative link's file from the root, and its anchor. */
function resolved(target: string, from: string): { path: string; anchor: string | undefined } {
  const [path = "", anchor] = target.split("#");
  return { path: path === "" ? from : join(dirname(from), decodeURI(path)), anchor };
}

function linkFault(target: string, from: string): string | undefined {
  if (/^https:\/\//.test(target)) return undefined;
  const { path, anchor } = resolved(target, from);
  const full = join(root, path);
  if (relative(root, full).startsWith("..") || !existsSync(full)) return `${target} leads nowhere`;
  if (anchor === undefined) return undefined;
  return anchors(textOf(path)).includes(anchor) ? undefined : `${target}: no such heading`;
}

function sourceFiles(): string[] {
  return readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" }).filter(
    (path) => path.endsWith(".ts") && !path.endsWith(".test.ts") && path !== join("core", "config.ts"),
  );
}

test("every generated part is what the code says now", () => {
  expect([...staleDocuments().keys()], "run `npx node scripts/docs.ts`").toEqual([]);
});

test("every relative link leads to a file, and every anchor to a heading", () => {
  const faults = everywhere((text, path) =>
    linkTargets(text).flatMap((target) => linkFault(target, path) ?? []),
  );
  expect(faults).toEqual([]);
});

test("every document can be reached from the README", () => {
  const reached = new Set(["README.md"]);
  for (const path of reached)
    for (const target of linkTargets(documents.get(path) ?? ""))
      if (!target.startsWith("https://")) reached.add(resolved(target, path).path);
  expect([...documents.keys()].filter((path) => !reached.has(path))).toEqual([]);
});

test("every command in a shell block exists, with its options", () => {
  const faults = everywhere((text) =>
    codeBlocks(text)
      .filter(({ language }) => language === "sh")
      .flatMap((block) => shellCommands(block.text))
      .flatMap((words) => commandFault(words) ?? []),
  );
  expect(faults).toEqual([]);
});

test("every command in running text exists, with its options", () => {
  const isCommand = (text: string) => /^(?:npm|npx|agent-harness) /.test(text) && !/[…<]/.test(text);
  const faults = everywhere((text) =>
    inlineCode(text)
      .filter(isCommand)
      .flatMap((command) => shellCommands(command))
      .flatMap((words) => commandFault(words) ?? []),
  );
  expect(faults).toEqual([]);
});

test("every configuration shown is valid", () => {
  const examples = [...documents].flatMap(([path, text]) =>
    codeBlocks(text)
      .filter(({ language }) => language === "yaml")
      .map((block) => ({ path, parsed: parseConfig(block.text) })),
  );
  expect(examples.length).toBeGreaterThan(0);
  expect(examples.filter(({ parsed }) => "mistakes" in parsed)).toEqual([]);
});

test("the checks shown are valid", () => {
  const shown = codeBlocks(textOf("docs/gates/red-green.md")).filter(({ language }) => language === "json");
  expect(shown.map(({ text }) => checksSchema.safeParse(JSON.parse(text)).success)).toEqual([true]);
});

test("a key that is said to be read by nothing is in the schema, and read by nothing", () => {
  const source = sourceFiles().map((path) => readFileSync(join(root, "src", path), "utf8"));
  const read = Object.entries(unreadKeys).filter(([, use]) => source.some((text) => use.test(text)));
  expect(
    read.map(([key]) => key),
    "take it out of `unreadKeys` in scripts/docs/configuration.ts",
  ).toEqual([]);
  const defaults: unknown = configSchema.parse({});
  for (const key of Object.keys(unreadKeys)) expect(defaults).toHaveProperty(key);
});

test("the index page of the frames names every frame", () => {
  const frames = linkTargets(textOf("docs/frames/README.md"));
  for (const { name } of frameKinds) expect(frames).toContain(`${name}.md`);
});

test("the architecture page has a row for every folder of the source", () => {
  const folders = readdirSync(join(root, "src"), { withFileTypes: true }).filter((entry) =>
    entry.isDirectory(),
  );
  const page = textOf("ARCHITECTURE.md");
  expect(folders.map(({ name }) => name).filter((name) => !page.includes(`| \`src/${name}\` |`))).toEqual([]);
});

test("the README's test command is the one that CI runs", () => {
  const ci = readFileSync(join(root, ".ci", "run"), "utf8");
  const shown = codeBlocks(textOf("README.md")).map(({ text }) => text.trim());
  expect(shown).toContain("npm ci && npm test");
  expect(ci.split("\n")).toContain("npm ci && npm test");
});

test("a block is renewed between its markers, and what stands around it stays", () => {
  const text = "before\n\n<!-- generated:a -->\nold\n<!-- /generated -->\n\nafter\n";
  const wanted = "before\n\n<!-- generated:a -->\nnew\n<!-- /generated -->\n\nafter\n";
  expect(refresh(text, new Map([["a", () => "new"]]))).toBe(wanted);
  expect(() => refresh(text, new Map([["b", () => "new"]]))).toThrow("`a`");
});

test("help of the command line is read with lines that were wrapped", () => {
  const help =
    "Usage: x\n\nOptions:\n  --say <text>  a comment to post when\n                it waits\n  -h, --help    help\n";
  expect(helpTerms(help, "Options")).toEqual([
    ["--say <text>", "a comment to post when it waits"],
    ["-h, --help", "help"],
  ]);
});

test("a command that does not exist is found: script, file, subcommand, option, program", () => {
  const faults = [
    "npm run nothing",
    "npx node scripts/nothing.ts",
    "npm run -s cli -- nothing",
    "npm run -s cli -- local --nothing",
    "npx node scripts/docs.ts --nothing",
    "nothing",
  ].map((text) => shellCommands(text).map((words) => commandFault(words)));
  expect(faults.flat()).toEqual(faults.flat().map(() => expect.any(String)));
});

test("headings become the anchors that GitHub gives them", () => {
  expect(
    anchors("# A `b` & c\n\n## [D](e.md), f\n\n```sh\n# no heading\n```\n\n## Same\n\n## Same\n"),
  ).toEqual(["a-b--c", "d-f", "same", "same-1"]);
});
