import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { estimateTokens } from "../local/model/tokens.ts";
import { snapshot } from "./collect-change.ts";
import { parsePrompt } from "./prompts.ts";
import { runSession } from "./run-session.ts";
import { createFrame, createRepository, openSandbox, playScript } from "./testing.ts";

const request = {
  title: "Totals ignore all but the first price",
  body: "`total([1, 2])` gives 1. It must give 3.\n\nAn empty list must give 0.",
};

async function firstRequest(): Promise<Record<string, unknown>> {
  await using repo = await createRepository({ "src/total.js": "export const total = (list) => list[0];\n" });
  await using script = await playScript({
    builder: [
      {
        turns: [
          { call: [{ blocked: { reason: "r", evidence: "e" } }] },
          { call: [{ blocked: { reason: "r", evidence: "e" } }] },
        ],
      },
    ],
  });
  const frame = createFrame(request, "0".repeat(40), [`${request.title}\n\n${request.body}`]);
  const [activeItem] = frame.items;
  if (!activeItem) throw new Error("expected an item");
  await runSession({
    model: script.model,
    sandbox: openSandbox(),
    clock: { now: () => 0 },
    log: { line: () => undefined },
    signal: new AbortController().signal,
    ticket: "t1",
    parent: repo.head,
    snapshot: snapshot(repo.path, repo.tree),
    prompt: parsePrompt(readFileSync(new URL("../../prompts/builder.md", import.meta.url), "utf8")),
    facts: {
      frame,
      activeItem,
      passedItems: [],
      ledgerSummary: "framed; dispatched; sealed: 1 visible check",
      checks: [
        {
          id: "total-adds",
          item: "item-1",
          behaviour: "total([1, 2]) is 3",
          heldOut: false,
          onBase: "red",
          overlay: ["checks/total.test.js"],
          run: ["node", "--test", "checks/total.test.js"],
          timeoutSeconds: 120,
        },
      ],
      checksFolder: ".harness/issue-1/checks/files",
      guidance: ["Prices stay in cents."],
    },
    answers: [],
    limits: {
      model: "claude-sonnet-5-5",
      deadlineAt: 3_600_000,
      tokensLeft: 1_000_000,
      usdLeft: null,
      contextTokens: 200_000,
      contextShare: 0.6,
      maxOutputTokens: 8_000,
    },
    secrets: [],
    outDir: join(repo.beside, "out"),
    scratchDir: join(repo.beside, "scratch"),
  });
  return Object.fromEntries(Object.entries(Object(script.requests()[0])));
}

test("the builder's first request is as reviewed", async () => {
  const { system, tools, messages } = await firstRequest();
  const text = JSON.stringify({ system, tools, messages }, undefined, 1).replaceAll("\\n", "\n");
  await expect(`${text}\n`).toMatchFileSnapshot("./golden/builder-first-request.txt");
});

test("prompt, tools and opening of a small task stay under 2,500 tokens", async () => {
  const { system, tools, messages } = await firstRequest();
  expect(estimateTokens(system) + estimateTokens(tools) + estimateTokens(messages)).toBeLessThan(2_500);
});

test("two sessions of a task send the same bytes of system prompt and tools", async () => {
  const [first, second] = [await firstRequest(), await firstRequest()];
  expect(JSON.stringify([first.system, first.tools])).toBe(JSON.stringify([second.system, second.tools]));
});
