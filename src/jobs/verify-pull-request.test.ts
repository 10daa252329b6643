// How the answer is told, and what is refused before anything runs: against the embedded GitHub, in a real clone.
import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { createCheckRuns, createIssueSource } from "../adapters/github-verification.ts";
import { Problem } from "../core/problem.ts";
import { commitFile, type Fixture, git, repo, startFixture } from "../local/github/fixture.ts";
import type { JobPermissions } from "../local/types.ts";
import type { Sandbox } from "../ports.ts";
import { sandbox } from "../verify/fixture.ts";
import type { PullRequestJob } from "./pull-request-job.ts";
import { verifyPullRequest } from "./verify-pull-request.ts";

const allowed: JobPermissions = { contents: "read", issues: "read", checks: "write" };

interface Scene {
  readonly fixture: Fixture;
  readonly head: string;
  readonly summaries: string[];
  readonly outputs: Record<string, string>;
  job(change?: Partial<PullRequestJob>, permissions?: JobPermissions): PullRequestJob;
  checks(): Promise<readonly (readonly [string | null, string | null, string | null])[]>;
}

/** Issue #1, and a branch `topic` with a change; `onMain` comes after the branch was made. */
async function withScene(
  act: (scene: Scene) => Promise<void>,
  { onMain, depth }: { onMain?: { path: string; content: string }; depth?: number } = {},
) {
  await using fixture = await startFixture();
  const { ada, first } = fixture;
  await ada.rest.issues.create({ ...repo, title: "a is wrong", body: "It should be 2." });
  const head = await commitFile(ada, { branch: "topic", path: "b.txt", content: "b\n", parent: first });
  if (onMain) {
    const next = await commitFile(ada, { branch: "next", ...onMain, parent: first });
    await ada.rest.git.updateRef({ ...repo, ref: "heads/main", sha: next });
  }
  const remote = fixture.remote(fixture.github.userToken("ada"));
  const limit = depth === undefined ? [] : [`--depth=${depth}`, "--no-single-branch"];
  const workspace = join(fixture.folder, "clone");
  await git(fixture.folder, "clone", "-q", ...limit, remote, workspace);
  const summaries: string[] = [];
  const outputs: Record<string, string> = {};
  const refuse = () => Promise.reject(new Error("Expected not to be asked, was asked."));
  const job: Scene["job"] = (change = {}, permissions = allowed) => {
    const client = fixture.job(permissions);
    const repository = { owner: repo.owner, name: repo.repo };
    return {
      repository,
      attempt: 1,
      workspace,
      temp: mkdtempSync(join(fixture.folder, "temp-")),
      clock: { now: () => Date.now() },
      log: { line: () => {} },
      signal: new AbortController().signal,
      secrets: ["sk-secret"],
      openModel: refuse,
      openSandbox: refuse,
      prompt: refuse,
      output: (name, value) => {
        outputs[name] = value;
      },
      summary: (text) => summaries.push(text),
      pull: { number: 2, body: "Fixes #1", headSha: head, baseSha: first, baseRef: "main" },
      inputs: { issue: undefined, checks: undefined, withoutProof: "neutral" },
      hasKey: true,
      issues: createIssueSource(client, repository),
      checkRuns: createCheckRuns(client, repository),
      ...change,
    };
  };
  const checks = async () => {
    const { data } = await ada.rest.checks.listForRef({ ...repo, ref: head, filter: "all" });
    return data.check_runs.map(
      ({ conclusion, output }) => [conclusion, output.title, output.summary] as const,
    );
  };
  await act({ fixture, head, summaries, outputs, job, checks });
}

const code = (expected: string) => expect.objectContaining({ code: expected });

it("runs nothing and fails where there is no sandbox", async () => {
  await withScene(async ({ job, checks, summaries, outputs }) => {
    const openSandbox = () =>
      Promise.reject(new Problem("sandbox-missing", { what: "/usr/bin/bwrap is missing" }));
    await expect(verifyPullRequest(job({ openSandbox }))).rejects.toThrow(code("sandbox-missing"));
    expect(await checks()).toEqual([
      ["failure", expect.stringContaining("could not finish"), expect.stringContaining("bwrap is missing")],
    ]);
    expect(summaries).toEqual([expect.stringContaining("bwrap is missing")]);
    expect(outputs).toEqual({ conclusion: "failure" });
  });
});

it("keeps what a failure of our own says out of everything that people see", async () => {
  await withScene(async ({ job, checks, summaries }) => {
    const openSandbox = () => Promise.reject(new Error("the held-out check sums-of-all broke"));
    await expect(verifyPullRequest(job({ openSandbox }))).rejects.toThrow("sums-of-all");
    const [[conclusion, ...texts] = []] = await checks();
    expect(conclusion).toBe("failure");
    for (const text of [...texts, ...summaries]) expect(text).not.toContain("sums-of-all");
  });
});

it("masks secrets in what it tells", async () => {
  await withScene(async ({ job, checks, summaries }) => {
    const openSandbox = () => Promise.reject(new Problem("sandbox-missing", { what: "sk-secret" }));
    await expect(verifyPullRequest(job({ openSandbox }))).rejects.toThrow();
    expect(JSON.stringify([await checks(), summaries])).not.toContain("sk-secret");
  });
});

it("ends the check run as cancelled when the run is", async () => {
  await withScene(async ({ job, checks }) => {
    const leaving = new AbortController();
    const openSandbox = () => {
      leaving.abort();
      return new Promise<Sandbox>(() => {});
    };
    const work = verifyPullRequest(job({ openSandbox, signal: leaving.signal }));
    await expect(work).rejects.toThrow("cancelled");
    expect((await checks()).map(([conclusion]) => conclusion)).toEqual(["cancelled"]);
  });
});

it("shows a check run in progress while it works, so that no older answer stands", async () => {
  await withScene(async ({ fixture, head, job, checks }) => {
    let seen: unknown;
    const openSandbox = async () => {
      const { data } = await fixture.ada.rest.checks.listForRef({ ...repo, ref: head });
      seen = data.check_runs.map(({ status, conclusion }) => [status, conclusion]);
      throw new Problem("sandbox-missing", { what: "x" });
    };
    await verifyPullRequest(job({ hasKey: false }));
    await expect(verifyPullRequest(job({ openSandbox }))).rejects.toThrow();
    expect(seen).toEqual([["in_progress", null]]);
    expect((await checks()).map(([conclusion]) => conclusion)).toEqual(["failure", "neutral"]);
  });
});

it("is green without proof only where a check run says so", async () => {
  await withScene(async ({ job, checks, summaries }) => {
    expect(await verifyPullRequest(job({ hasKey: false }))).toBe(true);
    expect((await checks()).map(([conclusion]) => conclusion)).toEqual(["neutral"]);
    const readOnly = { ...allowed, checks: "read" } as const;
    expect(await verifyPullRequest(job({ hasKey: false }, readOnly))).toBe(false);
    expect(await checks()).toHaveLength(1);
    expect(summaries.at(-1)).toContain("may not write check runs");
    const inputs = { issue: 1, checks: undefined, withoutProof: "failure" } as const;
    expect(await verifyPullRequest(job({ hasKey: false, inputs }))).toBe(false);
    expect((await checks())[0]?.[0]).toBe("failure");
  });
});

it("asks for the whole history", async () => {
  await withScene(
    async ({ job }) => {
      await expect(verifyPullRequest(job())).rejects.toThrow("a history that was cut off");
    },
    { depth: 1, onMain: { path: "c.txt", content: "c\n" } },
  );
  await withScene(async ({ job }) => {
    const pull = { ...job().pull, headSha: "a".repeat(40) };
    const work = verifyPullRequest(
      job({ pull, checkRuns: { start: async () => "refused", finish: async () => {} } }),
    );
    await expect(work).rejects.toThrow(code("history-missing"));
  });
});

it("takes configuration and checks from the base branch as it is now, not from where the change left it", async () => {
  const config = { path: ".github/agent-harness.yml", content: "budgett: 1\n" };
  await withScene(
    async ({ job }) => {
      await expect(verifyPullRequest(job())).rejects.toThrow(code("configuration-invalid"));
    },
    { onMain: config },
  );
  const check = {
    id: "x",
    item: "item-9",
    behaviour: "x",
    heldOut: false,
    overlay: [],
    run: ["true"],
  };
  const openSandbox = async () => sandbox;
  await withScene(
    async ({ job }) => {
      const inputs = { issue: undefined, checks: "kept", withoutProof: "neutral" } as const;
      await expect(verifyPullRequest(job({ inputs, openSandbox }))).rejects.toThrow(
        /item-9; issue #1 has item-1/,
      );
    },
    { onMain: { path: "kept/checks.json", content: JSON.stringify([check]) } },
  );
});

it("says what folder of checks it looked for in vain", async () => {
  await withScene(async ({ job, checks }) => {
    const inputs = { issue: undefined, checks: "kept", withoutProof: "neutral" } as const;
    const openSandbox = async () => sandbox;
    expect(await verifyPullRequest(job({ inputs, openSandbox }))).toBe(true);
    expect(await checks()).toEqual([
      ["neutral", expect.stringContaining("kept/issue-1/checks.json"), expect.any(String)],
    ]);
  });
});
