// The one object that `local --json` ends with. Its shape is a contract.

import { readZip } from "../../adapters/read-zip.ts";
import { branchName, type Kind } from "../../core/frame.ts";
import type { LedgerEntry } from "../../core/ledger.ts";
import type { ItemStatus } from "../../core/task.ts";
import { addUsage, chargedTokens, noUsage, type Purpose, purposes, totalUsage } from "../../core/usage.ts";
import type { Verdict } from "../../core/verdict.ts";
import { parseVerdict } from "../../shell/gather.ts";
import type { RunConclusion } from "../types.ts";
import type { Played } from "./play-task.ts";
import type { Stage } from "./stage.ts";

export interface LocalReport {
  readonly state: Played["state"];
  readonly reason: string;
  readonly issue: number;
  readonly pr: { number: number; draft: boolean; headSha: string; labels: string[] } | null;
  readonly frame: { kind: Kind; items: { id: string; span: string; status: ItemStatus }[] } | null;
  readonly runs: {
    id: number;
    ticket: string;
    jobs: { name: string; conclusion: RunConclusion | null; seconds: number }[];
  }[];
  readonly verdicts: Verdict[];
  readonly usage: {
    byPurpose: Record<Purpose, number>;
    inputTokens: number;
    outputTokens: number;
    cacheReadTokens: number;
    cacheWriteTokens: number;
    usd: number | null;
  };
  readonly ledger: readonly LedgerEntry[];
  readonly comments: { id: number; author: string; body: string }[];
  readonly out: string;
  readonly branch: string;
}

export async function buildReport(
  stage: Stage,
  played: Played,
  place: { readonly owner: string; readonly name: string; readonly out: string },
): Promise<LocalReport> {
  const { snapshot, record, task } = played;
  const { pull } = snapshot;
  const labels = pull
    ? (await stage.person.rest.pulls.get({ owner: place.owner, repo: place.name, pull_number: pull.number }))
        .data.labels
    : [];
  return {
    state: played.state,
    reason: played.reason,
    issue: played.issue,
    pr: pull
      ? {
          number: pull.number,
          draft: pull.isDraft,
          headSha: pull.headSha,
          labels: labels.map(({ name }) => name),
        }
      : null,
    frame:
      record && task
        ? { kind: record.frame.kind, items: task.items.map(({ id, span, status }) => ({ id, span, status })) }
        : null,
    runs: dispatchedRuns(stage),
    verdicts: verdicts(stage),
    usage: usageOf(played),
    ledger: record?.entries ?? [],
    comments: [...snapshot.issue.comments, ...(pull?.comments ?? [])].map(({ id, author, body }) => ({
      id,
      author: author.isUser ? author.login : `${author.login.replace(/\[bot\]$/, "")}[bot]`,
      body,
    })),
    out: place.out,
    branch: branchName(played.issue),
  };
}

function dispatchedRuns({ actions }: Stage): LocalReport["runs"] {
  return [...actions.runs()]
    .sort((a, b) => a.id - b.id)
    .map((run) => ({
      id: run.id,
      ticket: run.display_title.split(" ").at(-1) ?? "",
      jobs: actions.jobs(run.id).map(({ name, conclusion, started_at: from, completed_at: to }) => ({
        name,
        conclusion,
        seconds: from !== null && to !== null ? (Date.parse(to) - Date.parse(from)) / 1000 : 0,
      })),
    }));
}

const verdictLimits = { files: 1_000, bytes: 64 * 1024 * 1024 };

function verdicts({ actions }: Stage): Verdict[] {
  return [...actions.artifacts()]
    .sort((a, b) => a.id - b.id)
    .flatMap(({ id, name }) => {
      const ticket = /^verdict-(.+)$/.exec(name)?.[1];
      const zip = ticket === undefined ? undefined : actions.artifactZip(id);
      const bytes = zip && readZip(zip, verdictLimits).get("verdict.json");
      const verdict = bytes && ticket !== undefined ? parseVerdict(bytes, ticket) : undefined;
      return verdict ? [withoutEvidence(verdict)] : [];
    });
}

function withoutEvidence(verdict: Verdict): Verdict {
  return { ...verdict, gates: verdict.gates.map(({ name, result, why }) => ({ name, result, why })) };
}

function usageOf({ task }: Played): LocalReport["usage"] {
  const byPurpose = task?.usage ?? {};
  const tokens = (purpose: Purpose) => chargedTokens(byPurpose[purpose] ?? noUsage);
  return {
    byPurpose: Object.fromEntries(purposes.map((purpose) => [purpose, tokens(purpose)])) as Record<
      Purpose,
      number
    >,
    ...addUsage(noUsage, totalUsage(byPurpose)),
  };
}
