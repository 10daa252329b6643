// `mode: verify` as other people use it: the workflow of docs/verify-action.md on pull requests that nobody here wrote.
import { expect, test } from "vitest";
import { startScriptedModel } from "../../src/local/model/server.ts";
import { hasBwrap } from "../../src/sandbox/fixture.ts";
import { type Answer, startPullRequestStage, workflow } from "./pull-request-stage.ts";
import { hidden, honest, idleScript, marker, script, specialCased } from "./pull-request-story.ts";

const secrets = { ANTHROPIC_API_KEY: "scripted" };
const fixes = "Fixes #1";

/** What people see of a run: nothing of a held-out check, and no other stale answer beside the newest. */
function expectSeemly({ checks, summary, log }: Answer): void {
  for (const text of [summary, log, ...checks.map((check) => check.summary)]) {
    expect(text).not.toContain(hidden.id);
    expect(text).not.toContain(hidden.word);
    expect(text).not.toContain("Sums of other numbers");
  }
  expect(checks.map(({ status }) => status)).toEqual(checks.map(() => "completed"));
}

test.skipIf(!hasBwrap)(
  "an honest pull request passes, one that special-cases the example fails",
  {
    timeout: 240_000,
  },
  async () => {
    await using model = await startScriptedModel({ script });
    await using stage = await startPullRequestStage({ secrets, modelUrl: model.url });

    const good = await stage.open({ body: fixes, changes: { "sum.js": honest } });
    expect(good.checks, good.log).toMatchObject([{ conclusion: "success" }]);
    expect(good.job).toBe("success");
    expect(good.checks[0]?.title).toBe("pass: 1 of 1 item proved on exactly this code");
    expect(good.checks[0]?.summary).toContain("The sum of 1, 2 and 3 is 6.");
    expect(good.checks[0]?.summary).toContain("1 held-out check");
    expect(good.summary).toContain(good.checks[0]?.summary);
    expectSeemly(good);

    const bad = await stage.open({ body: `Closes ada/demo#1`, changes: { "sum.js": specialCased } });
    expect(bad.checks, bad.log).toMatchObject([{ conclusion: "failure" }]);
    expect(bad.job).toBe("failure");
    expect(bad.checks[0]?.title).toMatch(/^fail: .*red-green/);
    expectSeemly(bad);

    expect(model.mismatches()).toEqual([]);
    const told = model.requests().filter(({ role }) => role === "author");
    expect(told.length).toBeGreaterThan(0);
    expect(told.filter(({ body }) => JSON.stringify(body).includes(marker)).length).toBe(0);
  },
);

test("without a key, or a linked issue, the check run is neutral and says why", {
  timeout: 120_000,
}, async () => {
  await using stage = await startPullRequestStage({ modelUrl: "http://127.0.0.1:9" });
  const change = { "sum.js": honest };

  const keyless = await stage.open({ body: fixes, changes: change });
  expect(keyless.checks, keyless.log).toMatchObject([
    { conclusion: "neutral", title: expect.stringMatching(/^not proved: there is no key/) },
  ]);
  expect(keyless.job).toBe("success");
  expect(keyless.summary).toContain("no pass");

  for (const body of ["", "See #1", "```\nFixes #1\n```", "> Fixes #1", "<!-- Fixes #1 -->"]) {
    const { checks, job, log } = await stage.open({ body, changes: change });
    expect(checks, `${body}\n${log}`).toMatchObject([
      { conclusion: "neutral", title: expect.stringContaining("links no issue") },
    ]);
    expect(job).toBe("success");
  }

  const two = await stage.open({ body: "Fixes #1, fixes #2", changes: change });
  expect(two.checks[0]?.title).toContain("links 2 issues");
  const pull = await stage.open({ body: `Fixes #${two.number}`, changes: change });
  expect(pull.checks[0]?.title).toContain(`#${two.number} is no issue`);

  const edited = await stage.describe(pull, fixes);
  expect(edited.checks.map(({ title }) => title)).toEqual([
    expect.stringMatching(/^not proved: there is no key/),
    pull.checks[0]?.title,
  ]);
});

test("`without-proof: failure` is a red job and a failed check run where nothing was proved", {
  timeout: 60_000,
}, async () => {
  const strict = workflow.replace("mode: verify", "mode: verify\n          without-proof: failure");
  await using stage = await startPullRequestStage({ workflow: strict });
  const { checks, job } = await stage.open({ body: "", changes: { "sum.js": honest } });
  expect(checks).toMatchObject([{ conclusion: "failure", title: expect.stringMatching(/^not proved: /) }]);
  expect(job).toBe("failure");
});

test("where no check run may be written, as on a fork, a job that proved nothing is red", {
  timeout: 60_000,
}, async () => {
  await using stage = await startPullRequestStage({
    workflow: workflow.replace("checks: write", "checks: read"),
  });
  const { checks, job, summary } = await stage.open({ body: fixes, changes: { "sum.js": honest } });
  expect(checks).toEqual([]);
  expect(job).toBe("failure");
  expect(summary).toContain("may not write check runs");
  expect(summary).toContain("there is no key");
});

test.skipIf(!hasBwrap)(
  "where nothing can be confined, no model is asked and the check run fails",
  {
    timeout: 120_000,
  },
  async () => {
    await using model = await startScriptedModel({ script });
    await using stage = await startPullRequestStage({ secrets, modelUrl: model.url, hasNamespaces: false });
    const { checks, job, summary, log } = await stage.open({ body: fixes, changes: { "sum.js": honest } });
    expect(checks, log).toMatchObject([
      { conclusion: "failure", title: expect.stringContaining("no answer") },
    ]);
    expect(job).toBe("failure");
    expect(summary).toContain("a working bubblewrap sandbox");
    expect(model.requests()).toEqual([]);
  },
);

test.skipIf(!hasBwrap)(
  "an author that can prove nothing leaves the pull request unjudged",
  {
    timeout: 120_000,
  },
  async () => {
    await using model = await startScriptedModel({ script: idleScript });
    await using stage = await startPullRequestStage({ secrets, modelUrl: model.url });
    const { checks, job, log } = await stage.open({ body: fixes, changes: { "sum.js": honest } });
    expect(checks, log).toMatchObject([
      { conclusion: "neutral", title: expect.stringContaining("no check could be written") },
    ]);
    expect(job).toBe("success");
  },
);

test.skipIf(!hasBwrap)(
  "checks of the base branch are used without a model: a failure counts, a pass stays neutral",
  {
    timeout: 240_000,
  },
  async () => {
    const kept = workflow.replace("mode: verify", "mode: verify\n          checks: acceptance");
    const check = {
      id: "all",
      item: "item-1",
      behaviour: "Every number counts.",
      heldOut: false,
      overlay: ["checks/all.test.mjs"],
      run: ["node", "--test", "checks/all.test.mjs"],
    };
    const text =
      'import assert from "node:assert";\nimport { test } from "node:test";\nimport { sum } from "../sum.js";\n\ntest("all", () => assert.equal(sum([4, 5]), 9));\n';
    const more = {
      "acceptance/issue-1/checks.json": JSON.stringify([check]),
      "acceptance/issue-1/files/checks/all.test.mjs": text,
    };
    await using stage = await startPullRequestStage({ workflow: kept, more });
    const good = await stage.open({ body: fixes, changes: { "sum.js": honest } });
    expect(good.checks, good.log).toMatchObject([
      { conclusion: "neutral", title: expect.stringMatching(/^not proved: every gate passes/) },
    ]);
    const bad = await stage.open({
      body: fixes,
      changes: {
        "sum.js": specialCased,
        "acceptance/issue-1/files/checks/all.test.mjs": text.replace("9", "5"),
      },
    });
    expect(bad.checks, bad.log).toMatchObject([{ conclusion: "failure" }]);
    expect(bad.job).toBe("failure");
  },
);
