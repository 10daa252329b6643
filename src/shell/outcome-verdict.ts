// What a verdict must be bound to before it counts, and what it then adds to the ledger. "Passed" and "failed" come from
// here alone.
import type { Frame } from "../core/frame.ts";
import { hashOf } from "../core/hash.ts";
import type { EntryDraft } from "../core/ledger.ts";
import { hashVerdict, overallResult, type Verdict } from "../core/verdict.ts";
import { failureSignature } from "../verify/feedback.ts";
import type { Step } from "./outcome-session.ts";

/** What the verdict has to be about. `undefined`: nothing is known that it could be about. */
export interface Bound {
  readonly ticket: string | undefined;
  readonly frame: Frame;
  /** Work tree hash of what is committed, or will be. */
  readonly tree: string;
  readonly seal: string | undefined;
}

/** By name: what the verdict is not about, or says against its own parts. None: it counts. */
export function looseEnds(verdict: Verdict, { ticket, frame, tree, seal }: Bound): string[] {
  const ends: Readonly<Record<string, boolean>> = {
    ticket: verdict.ticket === ticket,
    attempt: verdict.attempt === 1,
    base: verdict.base === frame.base,
    tree: verdict.tree === tree,
    frame: verdict.frame === hashOf(frame),
    seal: verdict.seal === seal,
    result: verdict.result === overallResult(verdict.items, verdict.gates),
  };
  return Object.entries(ends).flatMap(([name, isTied]) => (isTied ? [] : [name]));
}

/** A model wrote them, and people are to read them. */
function shownDoubts({ doubts }: Verdict): string[] {
  return doubts.slice(0, 20).map((doubt) => doubt.slice(0, 1_000));
}

/** Nothing unless the verdict is about exactly what is about to be committed. */
export function verdictStep(verdict: Verdict | undefined, bound: Bound): Step {
  if (!verdict || looseEnds(verdict, bound).length > 0) return { entries: [], files: [] };
  const known = new Set(bound.frame.items.map(({ id }) => id));
  const hash = hashVerdict(verdict);
  const signature = failureSignature(verdict);
  const entries = verdict.items
    .filter(({ id }) => known.has(id))
    .map(
      ({ id, result, why }, index): EntryDraft => ({
        actor: "verifier",
        type: result === "passed" ? "passed" : "failed",
        item: id,
        tree: bound.tree,
        evidence: {
          verdict: hash,
          result,
          ...(result === "failed" && signature !== undefined && { signature }),
          ...(index === 0 && verdict.doubts.length > 0 && { doubts: shownDoubts(verdict) }),
        },
        ...(index === 0 ? { usage: verdict.usage } : {}),
        note: why,
      }),
    );
  return { entries, files: [] };
}
