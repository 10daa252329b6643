// What is wrong before the label: a Problem, exit code 2, and the user's repository as it was.
import { createHash } from "node:crypto";
import { lstatSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createRepository, git, runCli, temporaryFolder } from "./fixture.ts";

const files = {
  "package.json": '{ "name": "x", "scripts": { "test": "node --test" } }',
  "a.test.js": 'require("node:test")("x", () => {});',
};
const model = { ANTHROPIC_BASE_URL: "http://127.0.0.1:9", ANTHROPIC_API_KEY: "x" };

function fingerprint(folder: string): string {
  const hash = createHash("sha256");
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" }).sort()) {
    const path = join(folder, name);
    const stat = lstatSync(path);
    hash.update(`${name} ${stat.mode}\0`);
    if (stat.isFile()) hash.update(readFileSync(path));
  }
  return hash.digest("hex");
}

interface Attempt {
  readonly path: string;
  readonly repo: string;
  readonly issue: string;
}

async function attempt(
  change: (attempt: Attempt) => void,
  words: (attempt: Attempt) => string[],
  env: Readonly<Record<string, string>> = model,
) {
  using folder = temporaryFolder();
  const repo = createRepository(folder.path, files);
  const issue = join(folder.path, "issue.md");
  writeFileSync(issue, "# Broken\n\nIt does not work.\n");
  const made = { path: folder.path, repo, issue };
  change(made);
  const before = fingerprint(repo);
  const result = await runCli(["local", ...words(made), "--json"], { env });
  expect(fingerprint(repo), "the repository is untouched").toBe(before);
  expect(result.stdout, result.stderr).not.toBe("");
  const { problem } = JSON.parse(result.stdout) as { problem: { code: string; message: string } };
  expect(problem.message).toMatch(/^Expected: .*\nFound: [\s\S]*\nTo do: /);
  return { code: result.code, problem };
}

const usual = ({ repo, issue }: Attempt) => ["--repo", repo, "--issue", issue];
const asIs = () => {};

test.each<[string, string, (attempt: Attempt) => void, ((attempt: Attempt) => string[])?]>([
  [
    "no issue file",
    "issue-file-missing",
    asIs,
    ({ repo, path }) => ["--repo", repo, "--issue", join(path, "none.md")],
  ],
  ["an empty issue file", "issue-file-empty", ({ issue }) => writeFileSync(issue, "\n\n")],
  ["an issue file without a title", "issue-file-empty", ({ issue }) => writeFileSync(issue, "just text\n")],
  [
    "no repository",
    "repository-missing",
    asIs,
    ({ issue, path }) => ["--repo", join(path, "none"), "--issue", issue],
  ],
  ["a changed file", "repository-uncommitted", ({ repo }) => writeFileSync(join(repo, "package.json"), "{}")],
  ["an untracked file", "repository-uncommitted", ({ repo }) => writeFileSync(join(repo, "new.js"), "")],
  [
    "no tests",
    "test-command-missing",
    ({ repo }) => {
      git(repo, "rm", "-q", "a.test.js", "package.json");
      writeFileSync(join(repo, "README.md"), "hi");
      git(repo, "add", "-A");
      git(repo, "commit", "-q", "-m", "no tests");
    },
  ],
  ["a model that does not answer", "model-unreachable", asIs],
  ["an unknown option", "option-invalid", asIs, (made) => [...usual(made), "--colour"]],
  ["a repository without an issue", "option-invalid", asIs, ({ repo }) => ["--repo", repo]],
  [
    "no configuration file",
    "configuration-missing",
    asIs,
    (made) => [...usual(made), "--config", join(made.path, "no.yml")],
  ],
])("%s is `%s`", async (_, expected, change, words = usual) => {
  const { code, problem } = await attempt(change, words);
  expect(problem.code).toBe(expected);
  expect(code).toBe(2);
});

test("a repository without a commit is said to be empty", async () => {
  using folder = temporaryFolder();
  const repo = join(folder.path, "empty");
  git(folder.path, "init", "-q", repo);
  const issue = join(folder.path, "issue.md");
  writeFileSync(issue, "# Broken\n");
  const { code, stdout } = await runCli(["local", "--repo", repo, "--issue", issue, "--json"], {
    env: model,
  });
  expect(JSON.parse(stdout)).toMatchObject({ problem: { code: "repository-empty" } });
  expect(code).toBe(2);
});

test("three mistakes of a configuration are named at once, by line", async () => {
  const { code, problem } = await attempt(
    ({ path }) => writeFileSync(join(path, "c.yml"), "pen: both\nbudget:\n  tokens: many\nlables: x\n"),
    (made) => [...usual(made), "--config", join(made.path, "c.yml")],
  );
  expect(problem.code).toBe("configuration-invalid");
  for (const line of [1, 3, 4]) expect(problem.message).toContain(`line ${line}: `);
  expect(code).toBe(2);
});

test("no key and no address of a model service", async () => {
  const { code, problem } = await attempt(asIs, usual, {});
  expect(problem.code).toBe("model-key-missing");
  expect(code).toBe(2);
});

test("any answer of the service will do before the label", async () => {
  const server = createServer((socket) => socket.end("HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n"));
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  const port = typeof address === "object" ? address?.port : 0;
  using folder = temporaryFolder();
  const repo = createRepository(folder.path, files);
  const issue = join(folder.path, "issue.md");
  writeFileSync(issue, "# Broken\n");
  const { code, stdout } = await runCli(["local", "--repo", repo, "--issue", issue, "--json"], {
    env: { ANTHROPIC_BASE_URL: `http://127.0.0.1:${port}` },
  });
  server.close();
  // The service turns out to be none in the run: stopped, not a wrong use.
  expect(JSON.parse(stdout)).toMatchObject({ state: "stopped", reason: "infrastructure" });
  expect(code).toBe(4);
});
