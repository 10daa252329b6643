// Verdicts that are not the run's own: none of them makes a task ready.

import type { Verdict } from "../../src/core/verdict.ts";
import { verdictFile } from "./embedded-run.ts";
import { type EmbeddedTask, openTask } from "./embedded-task.ts";
import type { Held, HostileRow } from "./rows.ts";
import { zipOf } from "./staged-actions.ts";

const group = "Verdict";
const other = { sha1: "f".repeat(40), sha256: "f".repeat(64) };

/** Held where the task did not become ready, by what the ledger or a refusal says. */
export async function heldBack(task: EmbeddedTask, refused: string | undefined): Promise<Held> {
  const { isReady, check, entries } = await task.state();
  const last = entries.findLast(({ type }) => type === "stopped" || type === "failed" || type === "revoked");
  const why = isReady
    ? "it was made ready"
    : (last?.note ?? `no verdict that counts; check: ${check ?? "none"}`);
  return { held: !isReady && check !== "success", by: refused ?? why };
}

export function row(name: string, expect: string, act: (task: EmbeddedTask) => Promise<Held>): HostileRow {
  return {
    group,
    row: name,
    expect,
    async try() {
      const task = await openTask();
      return act(task);
    },
  };
}

/** A run that leaves this in the place of its verdict. */
function leaving(name: string, bend: (honest: Verdict) => unknown): HostileRow {
  return row(name, "not ready", async (task) => {
    const honest = await task.honest();
    const value = bend(honest.verdictOf);
    const refused = await task.settle({
      ...honest,
      verdict: value === undefined ? undefined : verdictFile(value),
    });
    await task.look();
    return heldBack(task, refused);
  });
}

/** Makes the task ready; throws where that does not work, since nothing would be shown then. */
export async function makeReady(task: EmbeddedTask): Promise<void> {
  await task.settle(await task.honest());
  await task.look();
  const { isReady, check, entries } = await task.state();
  if (!isReady)
    throw new Error(
      `Expected an honest run to end ready, found check ${check}: ${entries.map(({ type, note }) => `${type} ${note ?? ""}`).join("; ")}`,
    );
}

const own: HostileRow = row(
  "the run's own verdict",
  "ready: the rows below fail for no other reason",
  async (task) => {
    await makeReady(task);
    return { held: true, by: "one verdict on exactly this code" };
  },
);

const verdicts: readonly HostileRow[] = [
  row("two verdicts for one run", "not ready", async (task) => {
    const honest = await task.honest();
    task.actions.put(honest.runId, `verdict-${honest.ticket}`, zipOf(honest.verdict ?? new Map()));
    const refused = await task.settle(honest);
    await task.look();
    return heldBack(task, refused);
  }),
  row("two verdicts in one artifact", "not ready", async (task) => {
    const honest = await task.honest();
    const zip = Buffer.from(zipOf(new Map([...(honest.verdict ?? []), ["verdict.jsoo", Buffer.from("{}")]])));
    const twice = Buffer.from(zip.toString("latin1").replaceAll("verdict.jsoo", "verdict.json"), "latin1");
    const refused = await task.settle({ ...honest });
    task.actions.replace(honest.runId, `verdict-${honest.ticket}`, twice);
    await task.look();
    return heldBack(task, refused);
  }),
  leaving("another tree's verdict", (honest) => ({ ...honest, tree: other.sha1 })),
  leaving("a verdict on another base", (honest) => ({ ...honest, base: other.sha1 })),
  leaving("a verdict by another frame", (honest) => ({ ...honest, frame: other.sha256 })),
  leaving("a verdict on other checks", (honest) => ({ ...honest, seal: other.sha256 })),
  leaving("a verdict under another ticket", (honest) => ({ ...honest, ticket: "0".repeat(20) })),
  leaving("an empty verdict", () => ""),
  leaving("no verdict", () => undefined),
  leaving('the verdict `"true"`', () => JSON.stringify("true")),
  leaving("the verdict `true`", () => "true"),
  leaving('a verdict whose result is `"true"`', (honest) => ({ ...honest, result: "true" })),
  leaving("a verdict with `pass` over a failed gate", (honest) => ({
    ...honest,
    gates: [{ name: "red-green", result: "fail", why: "checks" }],
  })),
  leaving("a verdict on no item", (honest) => ({ ...honest, items: [] })),
  leaving("a verdict from attempt 2", (honest) => ({ ...honest, attempt: 2 })),
];

export const rows: readonly HostileRow[] = [own, ...verdicts];
