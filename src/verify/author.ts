// The author's conversation: from request and base to checks, each run at base before it counts. Nothing of a change or
// of a builder reaches it. Hashing and keeping what it wrote is the seal's.
import { lstatSync } from "node:fs";
import { join } from "node:path";
import type { CheckOutcome, CheckRunner } from "../core/check-run.ts";
import { type Check, type CheckSet, joinChecks, noChecks, partOf } from "../core/checks.ts";
import { type Frame, type Item, requestText } from "../core/frame.ts";
import type { ConversationEnd } from "../ports.ts";
import { converseLooking, type Looked, type LookingOptions } from "../session/looking-conversation.ts";
import { fence } from "../session/opening.ts";
import { judgeProposal, proposeCheck } from "../tools/propose-check.ts";
import { judgeSealed, sealed } from "../tools/sealed.ts";
import { type Answer, accept, refuse } from "../tools/types.ts";
import { namesUsed, ownModuleTest, unknownNames, wordsOf, wordsOfTree } from "./author-names.ts";

export interface AuthorOptions extends LookingOptions {
  readonly frame: Frame;
  /** Those to write checks for: all of the frame's the first time, later the ones that are new or touched. */
  readonly items: readonly Item[];
  /** Texts of authorised answers. */
  readonly answers: readonly string[];
  /** Kinds whose own gate proves that behaviour stays, such as `refactor`: no check has to be red at base. */
  readonly keepsBehaviour: boolean;
  readonly runner: CheckRunner;
  /** Checks of earlier runs that stand: their ids and files are taken. */
  readonly earlier?: CheckSet;
}

/** `sealed`: by its own word. Otherwise what was accepted so far stands, and the conversation's end says why. */
type AuthorEnd = { readonly kind: "sealed" } | Exclude<ConversationEnd, { kind: "over" }>;

export interface AuthorResult extends Omit<Looked, "end"> {
  /** New ones only, without `earlier`. */
  readonly visible: CheckSet;
  readonly heldOut: CheckSet;
  /** Ids of `items` that no check proves. */
  readonly unproven: readonly string[];
  /** Ids of proposals that were wrong twice. */
  readonly dropped: readonly string[];
  readonly end: AuthorEnd;
}

const MAX_ATTEMPTS = 2;
const MAX_OUTPUT = 2_000;

type Proposal = Parameters<typeof judgeProposal>[0];

interface Desk {
  readonly options: AuthorOptions;
  accepted: CheckSet;
  readonly attempts: Map<string, number>;
  readonly dropped: Set<string>;
  readonly baseWords: ReadonlySet<string>;
  readonly isOwnModule: (specifier: string) => boolean;
  isWarned: boolean;
  isSealed: boolean;
}

const notAsked: Looked = { end: { kind: "over" }, turns: 0, usage: {}, transcript: "" };

/** Without items nobody is asked. Throws only where the sandbox or the tree cannot be opened. */
export async function authorChecks(options: AuthorOptions): Promise<AuthorResult> {
  const desk: Desk = {
    options,
    accepted: noChecks,
    attempts: new Map(),
    dropped: new Set(),
    baseWords: wordsOfTree(options.workspace),
    isOwnModule: ownModuleTest(options.workspace),
    isWarned: false,
    isSealed: false,
  };
  const { end, ...looked } = options.items.length === 0 ? notAsked : await converse(options, desk);
  return {
    ...looked,
    visible: partOf(desk.accepted, "visible"),
    heldOut: partOf(desk.accepted, "heldOut"),
    unproven: unprovenItems(desk),
    dropped: [...desk.dropped],
    end: end.kind === "over" ? { kind: "sealed" } : end,
  };
}

function converse(options: AuthorOptions, desk: Desk): Promise<Looked> {
  return converseLooking(options, {
    opening: renderAuthorOpening(options),
    purpose: "planning",
    reminder: "Every answer calls a tool: `propose_check`, or `sealed` if all checks are proposed.",
    tools: (guard) => [
      guard.offer(proposeCheck, (input) => takeProposal(desk, input)),
      guard.offer(sealed, async () => takeSealed(desk)),
    ],
    isOver: () => desk.isSealed,
  });
}

/** Request, answers, ids and spans: nothing else of the task reaches the author. */
function renderAuthorOpening({ frame, items, answers }: AuthorOptions): string {
  const lines = items.map(({ id, span }) => `### ${id}\n\n${fence(span)}`);
  const parts = [
    `## Request\n\n${fence(requestText(frame.request))}`,
    ...answers.map((answer) => `## Answer of a person\n\n${fence(answer)}`),
    `## Items to prove\n\n${lines.join("\n\n")}`,
  ];
  return parts.join("\n\n");
}

function takeSealed(desk: Desk): Answer {
  const judged = judgeSealed({ unproven: unprovenItems(desk), isRepeated: desk.isWarned });
  desk.isWarned = true;
  desk.isSealed = judged.isDone;
  return judged.answer;
}

function unprovenItems({ options, accepted }: Desk): string[] {
  const proofs = accepted.checks.filter(({ onBase }) => options.keepsBehaviour || onBase === "red");
  return options.items.map(({ id }) => id).filter((id) => !proofs.some(({ item }) => item === id));
}

async function takeProposal(desk: Desk, input: Proposal): Promise<Answer> {
  const attempt = (desk.attempts.get(input.id) ?? 0) + 1;
  if (attempt > MAX_ATTEMPTS)
    return refuse(`${input.id}: dropped already, it was wrong twice; use another id.`);
  if (allChecks(desk).checks.some(({ id }) => id === input.id))
    return refuse(`${input.id}: taken already; use another id.`);
  desk.attempts.set(input.id, attempt);
  const wrong = (why: string) => {
    if (attempt < MAX_ATTEMPTS)
      return refuse(`${why}\nNot taken. Mend it and send it once more under ${input.id}.`);
    desk.dropped.add(input.id);
    return refuse(`${why}\nNot taken, and dropped: it was wrong twice.`);
  };
  const judged = judgeProposal(input, {
    items: desk.options.items.map(({ id }) => id),
    existsAtBase: (path) =>
      lstatSync(join(desk.options.workspace, path), { throwIfNoEntry: false }) !== undefined,
    overlayText: (path) => allChecks(desk).files.get(path),
  });
  if ("problems" in judged) return wrong(judged.problems.join("\n"));
  const unknown = judged.check.heldOut ? unknownIn(desk, judged) : [];
  if (unknown.length > 0) {
    return wrong(
      `A held-out check uses only names of the request, of base or of a visible check; found ${unknown.join(", ")}.`,
    );
  }
  return settle(desk, judged, wrong);
}

async function settle(
  desk: Desk,
  proposal: { check: Check; files: ReadonlyMap<string, string> },
  wrong: (why: string) => Answer,
): Promise<Answer> {
  const { check, files } = proposal;
  const { runner, frame, answers } = desk.options;
  const justification = [requestText(frame.request), ...answers].join("\n\n");
  const outcome = await runner.run({ check, files, on: "base", environment: "configured", justification });
  if (outcome.status !== check.onBase) {
    return wrong(
      `${check.id} is ${outcome.status} at base, expected ${check.onBase}: ${outcome.why}${shown(outcome)}`,
    );
  }
  desk.accepted = joinChecks(desk.accepted, { checks: [check], files });
  return accept(
    `${check.id} is ${outcome.status} at base, as stated: ${outcome.why}${shown(outcome)}\nTaken.`,
  );
}

function shown({ output }: CheckOutcome): string {
  return output.trim() === "" ? "" : `\n${output.slice(-MAX_OUTPUT)}`;
}

function allChecks({ options, accepted }: Desk): CheckSet {
  return joinChecks(options.earlier ?? noChecks, accepted);
}

function unknownIn(desk: Desk, { files }: { files: ReadonlyMap<string, string> }): string[] {
  const { frame, answers } = desk.options;
  const visible = partOf(allChecks(desk), "visible");
  const told = wordsOf([
    requestText(frame.request),
    ...answers,
    ...visible.files.values(),
    ...visible.files.keys(),
    ...visible.checks.map(({ behaviour }) => behaviour),
  ]);
  // Files of the check itself may import each other.
  const own = wordsOf(files.keys());
  const used = [...files.values()].flatMap((text) => [...namesUsed(text, desk.isOwnModule)]);
  return unknownNames(new Set(used), [told, own, desk.baseWords]);
}
