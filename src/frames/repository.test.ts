import { expect, test } from "vitest";
import { findCommands, manifestPaths } from "./repository.ts";

/** Files by name; a `null` is a folder or a file that is not read. */
function commandsOf(files: Record<string, string | object | null>) {
  const texts = Object.entries(files).flatMap(([name, text]) =>
    text === null || !manifestPaths.includes(name)
      ? []
      : [[name, typeof text === "string" ? text : JSON.stringify(text)] as const],
  );
  return findCommands({ rootEntries: Object.keys(files), files: new Map(texts) });
}

const script = { scripts: { test: "node --test" } };
const ci = ["npm", "ci", "--ignore-scripts"];
const install = ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock"];
const placeholder = 'echo "Error: no test specified" && exit 1';

test("few files are asked for", () => {
  expect(manifestPaths.length).toBeLessThanOrEqual(15);
});

test.each([
  ["no dependencies", { "package.json": script }, null, ["npm", "test"]],
  [
    "no dependencies, but a lock file",
    { "package.json": script, "package-lock.json": null },
    null,
    ["npm", "test"],
  ],
  [
    "a lock file",
    { "package.json": { ...script, devDependencies: { a: "1" } }, "package-lock.json": null },
    ci,
    ["npm", "test"],
  ],
  ["no lock file", { "package.json": { ...script, dependencies: { a: "1" } } }, install, ["npm", "test"]],
  ["npm's placeholder for tests", { "package.json": { scripts: { test: placeholder } } }, null, null],
  [
    "a placeholder, and test files",
    { "package.json": { scripts: { test: placeholder } }, test: null },
    null,
    ["node", "--test"],
  ],
  ["one test file at the root", { "package.json": {}, "slug.test.mjs": null }, null, ["node", "--test"]],
  [
    "a runner without a script",
    { "package.json": { devDependencies: { vitest: "5" } }, "package-lock.json": null },
    ci,
    ["npx", "--no-install", "vitest", "run"],
  ],
  [
    "pnpm's lock file",
    { "package.json": { ...script, dependencies: { a: "1" } }, "pnpm-lock.yaml": null },
    ["corepack", "pnpm", "install", "--frozen-lockfile", "--ignore-scripts"],
    ["npm", "test"],
  ],
  [
    "yarn 1",
    { "package.json": { ...script, dependencies: { a: "1" } }, "yarn.lock": null },
    ["corepack", "yarn", "install", "--frozen-lockfile", "--ignore-scripts"],
    ["npm", "test"],
  ],
  [
    "yarn 4",
    {
      "package.json": { ...script, packageManager: "yarn@4.5.0", dependencies: { a: "1" } },
      "yarn.lock": null,
    },
    ["corepack", "yarn", "install", "--immutable", "--mode=skip-build"],
    ["corepack", "yarn", "test"],
  ],
  ["text that is not JSON", { "package.json": "{" }, null, null],
  ["JSON of the wrong shape", { "package.json": '{"scripts":[],"dependencies":3}' }, null, null],
])("package.json with %s", (_name, files, setup, expected) => {
  const found = commandsOf(files);
  expect(found.setup).toEqual(setup);
  expect(found.test).toEqual(expected);
  expect(found.why.length).toBeGreaterThan(0);
});

test("a Python project with pytest and no dependencies runs pytest as it is there", () => {
  const found = commandsOf({
    "pyproject.toml": "[project]\nname = 'a'\n\n[tool.pytest.ini_options]\n",
    lib: null,
  });
  expect(found).toMatchObject({ setup: null, test: ["python3", "-m", "pytest"] });
});

test("a Python project with dependencies gets a virtual environment that git ignores", () => {
  const pyproject = [
    "[project]",
    "name = 'a'",
    "dependencies = [",
    "  'requests>=2; python_version > \"3\"', # why",
    "]",
    "[project.optional-dependencies]",
    "docs = ['x']",
    "test = ['pytest']",
  ].join("\n");
  const found = commandsOf({ "pyproject.toml": pyproject, tests: null });
  expect(found.setup).toBe(
    "python3 -m venv .venv && printf '*\\n' >.venv/.gitignore && .venv/bin/python -m pip install --quiet --only-binary :all: -e '.[test]' && { find . src -maxdepth 1 -name '*.egg-info' -newer .venv/pyvenv.cfg -exec rm -rf {} + 2>/dev/null || true; }",
  );
  expect(found.test).toBe("PYTHONPATH=. .venv/bin/pytest");
});

test("code under src is found in the tree that the tests run in", () => {
  const withSource = { "pytest.ini": "[pytest]\n", src: null };
  expect(commandsOf(withSource).test).toBe("PYTHONPATH=src python3 -m pytest");
  expect(commandsOf({ ...withSource, "requirements.txt": "flask\n" }).test).toBe(
    "PYTHONPATH=src:. .venv/bin/pytest",
  );
});

test("requirements that lack pytest are completed, comments are none", () => {
  const found = commandsOf({ "requirements.txt": "# none\nflask==3\n", "pytest.ini": "[pytest]\n" });
  expect(found.setup).toMatch(/ -r requirements\.txt pytest$/);
  const empty = commandsOf({ "requirements.txt": "# none\n", "pytest.ini": "[pytest]\n" });
  expect(empty.setup).toBeNull();
});

test("dependency groups are named one by one and quoted for the shell", () => {
  const pyproject = '[project]\nname = \'a\'\n[dependency-groups]\ndev = ["pytest>8", "it\'s; rm -rf x"]\n';
  expect(commandsOf({ "pyproject.toml": pyproject, tests: null }).setup).toMatch(
    / 'pytest>8' 'it'\\''s; rm -rf x'$/,
  );
});

test("Python without a sign of pytest uses unittest", () => {
  const found = commandsOf({ "setup.py": "setup(name='a')", "test_a.py": null });
  expect(found.test).toEqual(["python3", "-m", "unittest", "discover"]);
});

test("go, cargo and make have their commands", () => {
  expect(commandsOf({ "go.mod": "module a\n" })).toMatchObject({
    setup: null,
    test: ["go", "test", "./..."],
  });
  expect(commandsOf({ "go.mod": "module a\n\nrequire x v1\n" }).setup).toEqual(["go", "mod", "download"]);
  const cargo = commandsOf({ "Cargo.toml": "[package]\n[dependencies]\nserde = '1'\n", "Cargo.lock": null });
  expect(cargo).toMatchObject({ setup: ["cargo", "fetch", "--locked"], test: ["cargo", "test"] });
  expect(commandsOf({ Makefile: "all: x\n\ntest: all\n\t./run\n" }).test).toEqual(["make", "test"]);
  expect(commandsOf({ Makefile: "test := 1\ntesting: x\n" }).test).toBeNull();
});

test("of several ecosystems the one with tests is taken, and the others are named", () => {
  const mixed = commandsOf({ "package.json": { dependencies: { a: "1" } }, "go.mod": "module a\n" });
  expect(mixed).toMatchObject({ setup: null, test: ["go", "test", "./..."] });
  const guess = commandsOf({ "setup.py": "setup(name='a')", "go.mod": "module a\n" });
  expect(guess.test).toEqual(["go", "test", "./..."]);
  const both = commandsOf({ "package.json": script, "go.mod": "module a\n" });
  expect(both.test).toEqual(["npm", "test"]);
  expect(both.why.join(" ")).toContain("Go could be tested too");
});

test("make takes its set-up from the ecosystem it starts", () => {
  const found = commandsOf({
    "package.json": { dependencies: { a: "1" } },
    Makefile: "test:\n\tnode x.js\n",
  });
  expect(found).toMatchObject({ setup: install, test: ["make", "test"] });
});

test("an empty repository has no commands, and that is said", () => {
  expect(commandsOf({ "README.md": null })).toEqual({
    setup: null,
    test: null,
    why: ["No manifest of a known ecosystem stands in the root folder."],
  });
});
