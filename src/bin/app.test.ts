// The hosted App as a process of its own: what it refuses to start without, and a label that becomes a pull request.
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";
import { startEmbeddedGitHub } from "../local/github/embedded-github.ts";
import { fakeActions } from "../local/github/fake-actions.ts";
import { octokit, optionsFor, privateKey, repo } from "../local/github/fixture.ts";

const app = join(import.meta.dirname, "app.ts");
const path = "/api/github/webhooks";

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  return typeof address === "object" && address !== null ? address.port : 0;
}

test("it does not start without a secret, and says what is missing", async () => {
  const { exitCode, stderr } = await execa(process.execPath, [app], {
    reject: false,
    extendEnv: false,
    env: { APP_ID: "7001", PRIVATE_KEY: privateKey },
  });
  expect(exitCode).toBe(2);
  expect(stderr).toContain("the App's environment lacks WEBHOOK_SECRET");
});

test("a label becomes a pull request, and an unsigned delivery nothing", async () => {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "hosted-app-"));
  stack.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }));
  const port = await freePort();
  const github = stack.use(await startEmbeddedGitHub(optionsFor(folder, `http://127.0.0.1:${port}${path}`)));
  github.connectActions(fakeActions());
  const server = execa(process.execPath, [app], {
    reject: false,
    extendEnv: false,
    env: {
      APP_ID: "7001",
      PRIVATE_KEY: privateKey,
      WEBHOOK_SECRET: "shh",
      GHE_HOST: new URL(github.url).host,
      GHE_PROTOCOL: "http",
      LOG_LEVEL: "fatal",
      PORT: String(port),
    },
  });
  stack.defer(() => void server.kill());
  await new Promise<void>((done) => {
    server.stdout.on("data", (text) => {
      if (String(text).startsWith("listening")) done();
    });
  });
  const unsigned = await fetch(`http://127.0.0.1:${port}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-github-event": "issues", "x-github-delivery": "1" },
    body: "{}",
  });
  expect(unsigned.status).toBe(400);
  const ada = octokit(github, github.userToken("ada"));
  const tree = await ada.rest.git.createTree({
    ...repo,
    tree: [{ path: "README.md", mode: "100644", type: "blob", content: "# demo\n" }],
  });
  const { data } = await ada.rest.git.createCommit({
    ...repo,
    tree: tree.data.sha,
    message: "first",
    parents: [],
  });
  await ada.rest.git.createRef({ ...repo, ref: "refs/heads/main", sha: data.sha });
  await ada.rest.issues.create({ ...repo, title: "It is broken", body: "Mend it." });
  await ada.rest.issues.addLabels({ ...repo, issue_number: 1, labels: ["agent:harness"] });
  // Probot writes no faster than GitHub likes, and answers a delivery before it is through.
  let pulls = await ada.rest.pulls.list(repo);
  while (pulls.data.length === 0) {
    await new Promise((done) => setTimeout(done, 250));
    pulls = await ada.rest.pulls.list(repo);
  }
  expect(pulls.data.map(({ head, draft }) => [head.ref, draft])).toEqual([["harness/issue-1", true]]);
});
