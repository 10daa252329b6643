import { describe, expect, test } from "vitest";
import { type Config, configSchema } from "../core/config.ts";
import { frameSchema, requestSha256 } from "../core/frame.ts";
import { explainFrame, frameFiles, generateFrame } from "./generate.ts";
import { limitsOf } from "./limits.ts";
import type { Request } from "./types.ts";

const node = {
  rootEntries: ["package.json"],
  files: new Map([["package.json", '{"scripts":{"test":"node --test"}}']]),
};
const bare = { rootEntries: ["README.md"], files: new Map<string, string>() };

function configOf(input: object): Config {
  return configSchema.parse(input);
}

function frameOf(
  request: Partial<Request>,
  options: { config?: Config; repository?: typeof node; labels?: string[] } = {},
) {
  return generateFrame({
    task: 7,
    request: { title: "Sum is wrong", body: "It should be 3.", ...request },
    labels: options.labels ?? [],
    base: "0123456789abcdef0123456789abcdef01234567",
    repository: options.repository ?? node,
    config: options.config ?? configOf({}),
  });
}

test("a frame follows its schema and is the same for the same input", () => {
  const frame = frameOf({});
  expect(frameSchema.parse(frame)).toEqual(frame);
  expect(JSON.stringify(frameOf({}))).toBe(JSON.stringify(frame));
  expect(frame).toMatchObject({ task: 7, kind: "bugfix", test: ["npm", "test"], setup: null });
  expect(frame.request.sha256).toBe(requestSha256({ title: "Sum is wrong", body: "It should be 3." }));
});

test("the configuration's commands come before those found", () => {
  const frame = frameOf({}, { config: configOf({ setup: "make deps", test: ["make", "check"] }) });
  expect(frame).toMatchObject({ setup: "make deps", test: ["make", "check"] });
});

test("the configuration's figures for a kind come before its general ones", () => {
  const config = configOf({
    budget: { tokens: 5_000, usd: null },
    kinds: { bugfix: { budget: { sessions: 2 }, stop: { rejected: 1 }, protected: ["db/**"] } },
    protected: ["vendor/**"],
  });
  const frame = frameOf({}, { config });
  expect(frame.budget).toEqual({ tokens: 5_000, usd: null, sessions: 2, minutes: 240 });
  expect(frame.stop).toEqual({ noProgress: 3, sameFailure: 3, rejected: 1 });
  expect(frame.protected).toEqual(
    expect.arrayContaining([".github/**", ".harness/**", "vendor/**", "db/**"]),
  );
  expect(frameOf({}, { config, labels: ["enhancement"] }).protected).not.toContain("db/**");
});

test("a kind's own figures replace defaults only", () => {
  const kind = { name: "bugfix", budget: { tokens: 9, sessions: 9 }, stop: { rejected: 9 } } as const;
  const config = configOf({ budget: { tokens: 5 }, kinds: { bugfix: { stop: { rejected: 1 } } } });
  expect(limitsOf(kind, config)).toEqual({
    budget: { tokens: 5, usd: 20, sessions: 9, minutes: 240 },
    stop: { noProgress: 3, sameFailure: 3, rejected: 1 },
  });
});

test("instructions to agents are protected unless the request names them", () => {
  expect(frameOf({}).protected).toEqual(expect.arrayContaining(["**/AGENTS.md", "**/CLAUDE.md"]));
  const named = frameOf({ body: "Write the build command into AGENTS.md. It should be one line." });
  expect(named.protected).not.toContain("**/AGENTS.md");
  expect(named.protected).toContain("**/CLAUDE.md");
});

describe("unknowns", () => {
  const unknownsOf = (request: Partial<Request>, options: Parameters<typeof frameOf>[1] = {}) =>
    frameOf(request, options).unknowns.join("\n");

  test("there are none in a request that is clear", () => {
    expect(unknownsOf({})).toBe("");
  });

  test("a bug that does not say what is expected has one", () => {
    expect(unknownsOf({ title: "Wrong sum", body: "`sum(1, 2)` gives 4." })).toContain(
      "which result is expected",
    );
    expect(unknownsOf({ title: "Wrong sum", body: "`sum(1, 2)` gives 4 instead of 3." })).toBe("");
    expect(unknownsOf({ title: "Parser crashes", body: "On empty input." })).toBe("");
  });

  test("alternatives without a choice are one", () => {
    expect(unknownsOf({ body: "It should work.\n\nOptions:\n\n- a flag\n- a key\n" })).toContain("“Options”");
    expect(unknownsOf({ body: "It should work.\n\nAlternatives considered:\n\n- a flag\n" })).toBe("");
    expect(unknownsOf({ body: "Either of them should work." })).toBe("");
  });

  test("pictures and other files are counted once each", () => {
    const url = "https://github.com/user-attachments/assets/abc";
    expect(unknownsOf({ body: `It should look so: ![a](${url}) <img src="${url}">` })).toContain(
      "One attachment is",
    );
    expect(unknownsOf({ body: `Should be so: ${url} and https://x.example/a.pdf` })).toContain(
      "2 attachments are",
    );
    expect(unknownsOf({ body: "It should be as in https://x.example/page and [this](docs/a.md)." })).toBe("");
  });

  test("a title alone is one", () => {
    expect(unknownsOf({ title: "Parser crashes", body: " \n<!-- text here -->\n" })).toBe(
      "The request has a title and no text.",
    );
  });

  test("a repository without tests is one", () => {
    expect(unknownsOf({}, { repository: bare })).toContain("No test command was found");
    expect(unknownsOf({}, { repository: bare, config: configOf({ test: "./check" }) })).toBe("");
  });

  test("ticked items and more items than sessions are told", () => {
    const body = "It should:\n\n- [x] one\n- [ ] two\n- [ ] three\n";
    expect(unknownsOf({ body })).toContain("1 of 3 items is ticked");
    expect(unknownsOf({ body }, { config: configOf({ budget: { sessions: 2 } }) })).toContain(
      "3 items need a session each, and the budget has 2.",
    );
  });
});

test("the reasons name kind, items and commands", () => {
  const { why } = explainFrame({
    task: 1,
    request: { title: "Add a flag", body: "It should:\n- a\n- b" },
    labels: ["enhancement"],
    base: "0".repeat(40),
    repository: node,
    config: configOf({ test: "./check" }),
  });
  expect(why).toEqual([
    "Kind: feature (label “enhancement”).",
    "Items: the items are the 2 entries of the list after “It should:”.",
    "package.json has no dependencies.",
    "package.json has a `test` script.",
    "`test` is the configuration's.",
  ]);
});

describe("the files of a frame", () => {
  test("stand in its folder, and only init.sh can be run", () => {
    const files = frameFiles(frameOf({}));
    expect(files.map(({ path, isExecutable }) => [path, isExecutable === true])).toEqual([
      [".harness/issue-7/frame.json", false],
      [".harness/issue-7/FRAME.md", false],
      [".harness/issue-7/init.sh", true],
    ]);
    for (const { text } of files) expect(text.endsWith("\n")).toBe(true);
  });

  test("hold the frame whole", () => {
    const frame = frameOf({ title: "Ünïcode 🎯", body: 'a\r\n- [ ] "b"\u2028\\' });
    const json = frameFiles(frame)[0]?.text ?? "";
    expect(frameSchema.parse(JSON.parse(json))).toEqual(frame);
  });

  test("are refused for a kind without a frame", () => {
    expect(() => frameFiles({ ...frameOf({}), kind: "research" })).toThrow(/`research` was found/);
  });
});
