import { describe, expect, it } from "vitest";
import { textsOf } from "./change/changed-files.ts";
import { exampleFacts, exampleProbe } from "./example-facts.ts";
import type { ProbedHunk, Prober } from "./probe.ts";
import { scope } from "./scope.ts";
import type { GateFacts } from "./types.ts";

type Files = Readonly<Record<string, string>>;

async function judge(base: Files, head: Files, more: Partial<GateFacts> = {}) {
  const paths = [...new Set([...Object.keys(base), ...Object.keys(head)])];
  const differences = paths
    .filter((path) => base[path] !== head[path])
    .map((path) => ({ path, before: undefined, after: undefined }));
  const texts = { base: textsOf(base), head: textsOf(head) };
  const outcome = await scope.run(exampleFacts({ differences, texts, ...more }));
  return `${outcome.result}: ${outcome.why}`;
}

const { frame } = exampleFacts({});
const asking = (body: string) => ({ frame: { ...frame, request: { ...frame.request, body } } });
const manifest = (fields: object) =>
  JSON.stringify({ name: "a", scripts: { test: "npm run unit", unit: "node --test" }, ...fields });

describe("what needs agreement", () => {
  it.each([
    ["a new dependency", "package.json", manifest({}), manifest({ dependencies: { lodash: "^4" } })],
    [
      "a lifecycle script",
      "package.json",
      manifest({}),
      manifest({ scripts: { test: "npm run unit", unit: "node --test", postinstall: "node x.js" } }),
    ],
    [
      "the test script",
      "package.json",
      manifest({}),
      manifest({ scripts: { test: "true", unit: "node --test" } }),
    ],
    [
      "a script that the test script calls",
      "package.json",
      manifest({}),
      manifest({ scripts: { test: "npm run unit", unit: "true" } }),
    ],
    [
      "the runner's configuration in the manifest",
      "package.json",
      manifest({}),
      manifest({ jest: { testMatch: [] } }),
    ],
    ["runner configuration", "vitest.config.ts", "export default {};\n", "export default { test: {} };\n"],
    [
      "a lock file",
      "package-lock.json",
      '{"packages":{"":{},"node_modules/a":{"version":"1"}}}',
      '{"packages":{"":{},"node_modules/a":{"version":"2"}}}',
    ],
    [
      "a Python dependency",
      "pyproject.toml",
      "[project]\ndependencies = [\n]\n",
      '[project]\ndependencies = [\n  "six",\n]\n',
    ],
    [
      "a Rust dependency",
      "Cargo.toml",
      '[package]\nname = "a"\n[dependencies]\n',
      '[package]\nname = "a"\n[dependencies]\nrand = "1"\n',
    ],
  ])("is %s", async (_, path, before, after) => {
    expect(await judge({ [path]: before }, { [path]: after })).toMatch(/^fail: not asked for/);
    expect(
      await judge({ [path]: before }, { [path]: after }, { frame: { ...frame, kind: "upgrade" } }),
    ).toMatch(/^pass/);
  });

  it("is given by the request's own words, for the lock file too", async () => {
    const base = { "package.json": manifest({}), "package-lock.json": "{}" };
    const head = {
      "package.json": manifest({ dependencies: { lodash: "^4" } }),
      "package-lock.json": '{"lockfileVersion":3}',
    };
    expect(await judge(base, head, asking("Use `lodash` for this."))).toMatch(/^pass/);
    expect(await judge(base, head, asking("Use `lodash-es` for this."))).toMatch(/^fail/);
  });

  it("is given by a person's word for a path, for the lock file too, and not for another path", async () => {
    const base = { "package.json": manifest({}), "package-lock.json": "{}" };
    const head = {
      "package.json": manifest({ dependencies: { lodash: "^4" } }),
      "package-lock.json": '{"lockfileVersion":3}',
    };
    expect(await judge(base, head)).toContain("a person has to agree by `/continue allow-change <path>`: ");
    const agreed = await judge(base, head, { allowedChanges: ["package.json"] });
    expect(agreed).toMatch(/^pass: .*a person agreed to the change of package\.json$/);
    expect(await judge(base, head, { allowedChanges: ["packages/a/package.json"] })).toMatch(/^fail/);
    expect(await judge(base, head, { allowedChanges: ["package-lock.json"] })).toContain(
      "by `/continue allow-change package.json`: package.json: `lodash` in dependencies",
    );
  });

  it("is not given for a protected path or for what makes the repository less strict", async () => {
    const base = { "vitest.config.ts": "export default { lines: 90 };\n", ".github/a.yml": "a\n" };
    const head = { "vitest.config.ts": "export default { lines: 80 };\n", ".github/a.yml": "b\n" };
    const outcome = await judge(base, head, { allowedChanges: Object.keys(base) });
    expect(outcome).toMatch(/^fail: \.github\/a\.yml is protected; less strict than before/);
  });

  it("is not needed for an ordinary script, a new version or other fields", async () => {
    const scripts = { test: "npm run unit", unit: "node --test", docs: "node docs.js" };
    const lock = (version: string) =>
      JSON.stringify({ version, packages: { "": { version }, "node_modules/a": { version: "1" } } });
    const base = { "package.json": manifest({ version: "1.0.0" }), "package-lock.json": lock("1.0.0") };
    const head = {
      "package.json": manifest({ version: "1.0.1", scripts, keywords: ["a"] }),
      "package-lock.json": lock("1.0.1"),
    };
    expect(await judge(base, head)).toMatch(/^pass/);
    const toml = (version: string) => `[project]\nversion = "${version}"\n[project.urls]\na = "b"\n`;
    expect(await judge({ "pyproject.toml": toml("1") }, { "pyproject.toml": toml("2") })).toMatch(/^pass/);
  });
});

it.each(["test/fixtures/app/package.json", "benchmark/package.json"])(
  "leaves a package alone that is material of tests or benchmarks: %s",
  async (path) => {
    const after = manifest({ dependencies: { lodash: "^4" } });
    expect(await judge({ [path]: manifest({}) }, { [path]: after })).toMatch(/^pass/);
  },
);

describe("the ratchet", () => {
  const code = "export const a = (b) => b;\n";
  it.each([
    ["eslint-disable", { "a.js": code }, { "a.js": `// eslint-disable-next-line no-console\n${code}` }],
    ["@ts-ignore", { "a.ts": code }, { "a.ts": `// @ts-ignore\n${code}` }],
    ["noqa", { "a.py": "a = 1\n" }, { "a.py": "a = 1  # noqa\n" }],
    ["type: ignore", { "a.py": "a = 1\n" }, { "a.py": "a = 1  # type: ignore\n" }],
    ["the type `any`", { "a.ts": code }, { "a.ts": "export const a = (b: unknown) => b as any;\n" }],
    ["a coverage threshold", { ".nycrc.json": '{"branches": 90}' }, { ".nycrc.json": '{"branches": 80}' }],
    [
      "allowed warnings",
      { "package.json": '{"scripts":{"lint":"eslint --max-warnings 0"}}' },
      { "package.json": '{"scripts":{"lint":"eslint --max-warnings 10"}}' },
    ],
    [
      "a rule",
      { "eslint.config.js": "export default { rules: {\n} };\n" },
      { "eslint.config.js": 'export default { rules: {\n  "no-undef": "off",\n} };\n' },
    ],
    [
      "a limit of a rule",
      { "eslint.config.js": 'export default { rules: { complexity: ["error", 6] } };\n' },
      { "eslint.config.js": 'export default { rules: { complexity: ["error", 25] } };\n' },
    ],
    [
      "a limit in a table",
      { ".flake8": "[flake8]\nmax-complexity = 8\n" },
      { ".flake8": "[flake8]\nmax-complexity = 20\n" },
    ],
    [
      "a rule that is on",
      { "eslint.config.js": 'export default { rules: {\n  "no-eval": "error",\n} };\n' },
      { "eslint.config.js": "export default { rules: {\n} };\n" },
    ],
    [
      "an exclude",
      { "tsconfig.json": '{\n  "exclude": [\n    "dist"\n  ]\n}\n' },
      { "tsconfig.json": '{\n  "exclude": [\n    "dist",\n    "src/a.ts"\n  ]\n}\n' },
    ],
    ["an ignored path", { ".eslintignore": "dist\n" }, { ".eslintignore": "dist\nlib\n" }],
    [
      "a strict option",
      { "tsconfig.json": '{"compilerOptions":{"strict":true}}' },
      { "tsconfig.json": '{"compilerOptions":{"strict":false}}' },
    ],
  ])("holds %s", async (_, base, head) => {
    expect(await judge(base, head)).toMatch(/^fail: .*less strict/);
    expect(await judge(head, base)).not.toContain("less strict");
  });

  it("lets a mark move, stay, stand in a text or in tests", async () => {
    const mark = "// @ts-ignore\n";
    expect(await judge({ "a.ts": mark + code, "b.ts": code }, { "a.ts": code, "b.ts": mark + code })).toMatch(
      /^pass/,
    );
    expect(await judge({ "a.js": code }, { "a.js": 'export const a = "eslint-disable";\n' })).toMatch(
      /^pass/,
    );
    expect(await judge({ "test/a.test.ts": code }, { "test/a.test.ts": mark + code })).toMatch(/^pass/);
  });
});

describe("size", () => {
  it("fails above two thousand added lines, lock files aside", async () => {
    const lines = "a\n".repeat(2001);
    expect(await judge({}, { "a.txt": lines })).toMatch(/^fail: 2001 lines are added/);
    expect(await judge({ "yarn.lock": "" }, { "yarn.lock": lines }, asking("Update yarn.lock."))).toMatch(
      /^pass/,
    );
  });
});

it("takes its limits from the configuration, and states them", async () => {
  const limits = { ...exampleFacts({}).limits, files: 1, lines: 2 };
  const head = { "a.txt": "a\n", "b.txt": "b\nc\n" };
  expect(await judge({}, head, { limits })).toBe(
    "fail: 2 files are changed, the limit is 1; 3 lines are added, the limit is 2",
  );
  const texts = { base: textsOf({}), head: textsOf({}) };
  expect(await scope.run(exampleFacts({ limits, texts }))).toMatchObject({
    result: "pass",
    evidence: { files: 0, addedLines: 0, limits: { files: 1, addedLines: 2 } },
  });
});

describe("unrelated hunks", () => {
  const base = { "a.js": "const used = (x) => x;\nconst other = (x) => {\n  return x + 1;\n};\n" };
  const hunk = (line: number, reached: ProbedHunk["reached"]): ProbedHunk => ({
    ...{ path: "a.js", headStart: line, baseStart: line },
    ...{ executable: [line], executableBefore: [line], reached },
  });
  async function probing(hunks: readonly ProbedHunk[]): Promise<{ prober: Prober }> {
    const probe = { ...(await exampleProbe({}).probe()), hunks };
    return { prober: { probe: async () => probe, secondChance: async () => probe } };
  }

  it("fail where existing code is changed that no check reaches", async () => {
    const head = { "a.js": base["a.js"].replace("=> x;", "=> x * 2;").replace("x + 1", "x + 2") };
    const outcome = await judge(base, head, await probing([hunk(1, "yes"), hunk(3, "no")]));
    expect(outcome).toBe("fail: existing code is changed that no check reaches: a.js:3");
    expect(await judge(base, head, await probing([hunk(1, "yes"), hunk(3, "unknown")]))).toMatch(/^pass/);
  });

  it("pass where a caller follows a name that a reached hunk changed", async () => {
    const head = {
      "a.js": base["a.js"].replace("const used", "const renamed").replace("return x", "return renamed(x)"),
    };
    expect(await judge(base, head, await probing([hunk(1, "yes"), hunk(3, "no")]))).toMatch(/^pass/);
  });

  it("pass where code is only added", async () => {
    const head = { "a.js": `${base["a.js"]}more();\n` };
    expect(await judge(base, head, await probing([{ ...hunk(5, "no"), executableBefore: [] }]))).toMatch(
      /^pass/,
    );
  });
});
