import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { configSchema } from "../core/config.ts";
import type { Frame } from "../core/frame.ts";
import { generateFrame } from "../frames/generate.ts";
import { frameKindOf } from "../frames/index.ts";
import { renderFrame } from "./frame.ts";

const repository = {
  rootEntries: ["package.json", "package-lock.json", "test"],
  files: new Map([["package.json", '{"scripts":{"test":"node --test"},"devDependencies":{"tap":"1"}}']]),
};

function frameOf(title: string, body: string, labels: string[] = []): Frame {
  const config = configSchema.parse({});
  const base = "0123456789abcdef0123456789abcdef01234567";
  return generateFrame({ task: 42, request: { title, body }, labels, base, repository, config });
}

function rendered(frame: Frame): string {
  const kind = frameKindOf(frame.kind);
  return renderFrame(frame, { proof: kind?.proof ?? "", rules: kind?.rules ?? [] });
}

function fixtureBody(name: string): string {
  const text = readFileSync(new URL(`../../test/fixtures/issues/${name}.md`, import.meta.url), "utf8");
  return text.slice(text.indexOf("\n---\n", 4) + 5);
}

const hostile = [
  "@org/team please look, cc @octocat",
  "",
  "It should:",
  "",
  "- close the fence ``` and `` ` `` | with a pipe",
  "- fixes #1, see ![x](https://x.example/?d=1) <img src=x> \u202etxt.exe",
  "  ````",
  "  # not a heading of ours",
  "  ````",
  "",
  "Options:",
  "",
  "- a\n- b",
].join("\n");

test.each([
  ["bug", "slugify() drops digits at the end", fixtureBody("bug-form-classic"), ["bug"]],
  ["feature", "Add `--json` to `list`", fixtureBody("feature-it-should"), []],
  ["hostile", "`]($(id))` @everyone | <b>", hostile, ["documentation"]],
])("the frame of a %s reads as before", async (name, title, body, labels) => {
  await expect(rendered(frameOf(title, body, labels))).toMatchFileSnapshot(
    `../../test/golden/frames/${name}.md`,
  );
});

test("no mention leaves, and nothing of the request stands outside its fence as Markdown", () => {
  const text = rendered(frameOf("Ping @everyone", `${hostile}\n@a@b`));
  expect(text).not.toMatch(/@[A-Za-z]/);
  const outside = text
    .replace(/^(`{3,})text\n[\s\S]*?^\1$/gm, "")
    .replace(/(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)/g, "");
  expect(outside).toContain("## Items");
  expect(outside).not.toMatch(/<img|!\[|(?<!Frame of )#\d|[`|] *with a pipe/);
  expect(text).not.toContain("\u202e");
  expect(outside.match(/^# /gm)).toHaveLength(1);
});

test("each item is one row, however many lines it has", () => {
  const text = rendered(frameOf("T", "Tasks:\n\n- a | b \\| c \\\\| ![x](y)\n  - c\n\n  d\n- e"));
  expect(text.match(/^\| item-\d+ .*\|$/gm)).toHaveLength(2);
  // In a cell a pipe that an even number of backslashes stand before would end it.
  expect(text).not.toMatch(/item-1 .*(?<!\\)(?:\\\\)+\|/);
});

test("sections without content are left out", () => {
  const text = rendered(frameOf("It crashes", "It should not."));
  expect(text).not.toContain("## Not covered");
  expect(text).not.toContain("## Unknown");
});
