// The ledger folded: where a task stands. Pure and total: any ledger that parses folds.
import type { Frame, Item } from "./frame.ts";
import type { LedgerEntry } from "./ledger.ts";
import { addByPurpose, type UsageByPurpose } from "./usage.ts";

export type ItemStatus = "remaining" | "passed" | "failed" | "unproven";

/** What a run does: a session and its verification, or the gates alone on what a person pushed. */
export type RunMode = "session" | "gates";

export interface ItemState {
  readonly id: string;
  readonly span: string;
  readonly status: ItemStatus;
  /** Failed verdicts, in all. */
  readonly rejections: number;
}

export interface DispatchedRun {
  readonly ticket: string;
  readonly mode: RunMode;
  readonly item: string | undefined;
  readonly at: string;
}

/** What the task waits for a person with. */
export interface Waiting {
  readonly kind: "asking" | "stopped";
  /** A stop reason, or why it asks. */
  readonly reason: string;
  readonly note: string;
  /** The item a question is about. */
  readonly item: string | undefined;
  /** The entry that began it. */
  readonly seq: number;
}

export interface Task {
  readonly items: readonly ItemState[];
  readonly authorised:
    | { readonly requestSha256: string; readonly by: string; readonly byId: number }
    | undefined;
  /** Dispatched, and no outcome recorded yet. */
  readonly openRun: DispatchedRun | undefined;
  readonly runs: readonly DispatchedRun[];
  readonly waiting: Waiting | undefined;
  readonly seal: string | undefined;
  /** Items for which checks were asked for. */
  readonly sealedItems: ReadonlySet<string>;
  /** The newest verdict's work tree and what it said of each item. */
  readonly verdict:
    | {
        readonly tree: string;
        readonly ticket: string;
        readonly passed: readonly string[];
        readonly seq: number;
      }
    | undefined;
  readonly readyTree: string | undefined;
  /** Whether this request was ready once: the frame has left the branch, and sessions with it. */
  readonly wasReady: boolean;
  readonly sessions: number;
  readonly sessionsWithoutProgress: number;
  /** How often each failure signature occurred. */
  readonly failures: ReadonlyMap<string, number>;
  readonly usage: UsageByPurpose;
  /** Minutes of sessions and verification. */
  readonly minutes: number;
  /** Comments of people that were acted upon. */
  readonly handledComments: ReadonlySet<number>;
  /** Guidance and answers of people that no session has seen yet, oldest first. */
  readonly guidance: readonly string[];
  readonly allowedTests: readonly string[];
  /** Paths whose change a person agreed to. */
  readonly allowedChanges: readonly string[];
}

type Draft = { -readonly [Key in keyof Task]: Task[Key] } & {
  status: Map<string, ItemStatus>;
  rejections: Map<string, number>;
};

/** Where the task stands after these entries. Items added by answers are the frame's. */
export function foldTask(frame: Pick<Frame, "items">, entries: readonly LedgerEntry[]): Task {
  const draft: Draft = {
    items: [],
    authorised: undefined,
    openRun: undefined,
    runs: [],
    waiting: undefined,
    seal: undefined,
    sealedItems: new Set(),
    verdict: undefined,
    readyTree: undefined,
    wasReady: false,
    sessions: 0,
    sessionsWithoutProgress: 0,
    failures: new Map(),
    usage: {},
    minutes: 0,
    handledComments: new Set(),
    guidance: [],
    allowedTests: [],
    allowedChanges: [],
    status: new Map(),
    rejections: new Map(),
  };
  for (const entry of entries) foldEntry(draft, entry);
  const { status, rejections, ...task } = draft;
  const itemState = ({ id, span }: Item): ItemState => ({
    id,
    span,
    status: status.get(id) ?? "remaining",
    rejections: rejections.get(id) ?? 0,
  });
  return { ...task, items: frame.items.map(itemState) };
}

function foldEntry(draft: Draft, entry: LedgerEntry): void {
  if (entry.usage) draft.usage = addByPurpose(draft.usage, entry.usage);
  const minutes = entry.evidence?.minutes;
  if (typeof minutes === "number") draft.minutes += minutes;
  const comment = entry.evidence?.comment;
  const comments = [
    ...(typeof comment === "number" ? [comment] : []),
    ...stringList(entry.evidence?.superseded),
  ];
  if (comments.length > 0)
    draft.handledComments = new Set([...draft.handledComments, ...comments.map(Number)]);
  if (entry.type !== "dispatched" && entry.run?.ticket === draft.openRun?.ticket) draft.openRun = undefined;
  fold[entry.type]?.(draft, entry);
}

const fold: Partial<Record<LedgerEntry["type"], (draft: Draft, entry: LedgerEntry) => void>> = {
  authorised(draft, { evidence }) {
    const requestSha256 = String(evidence?.request ?? "");
    if (draft.authorised && draft.authorised.requestSha256 !== requestSha256) startOver(draft);
    draft.authorised = {
      requestSha256,
      by: String(evidence?.login ?? ""),
      byId: Number(evidence?.id ?? 0),
    };
    draft.waiting = undefined;
  },
  dispatched(draft, { run, evidence, item, at }) {
    if (!run) return;
    const mode = evidence?.mode === "gates" ? "gates" : "session";
    draft.openRun = { ticket: run.ticket, mode, item, at };
    draft.runs = [...draft.runs, draft.openRun];
    if (mode === "session") draft.waiting = undefined;
  },
  sealed(draft, { evidence }) {
    draft.seal = String(evidence?.seal ?? "");
    draft.sealedItems = new Set([...draft.sealedItems, ...stringList(evidence?.items)]);
  },
  attempted(draft) {
    draft.sessions += 1;
    draft.sessionsWithoutProgress += 1;
    draft.guidance = [];
  },
  passed(draft, entry) {
    if (!entry.item || !entry.tree || !entry.run) return;
    if (draft.status.get(entry.item) !== "passed") draft.sessionsWithoutProgress = 0;
    draft.status.set(entry.item, "passed");
    const passed = draft.verdict?.ticket === entry.run.ticket ? draft.verdict.passed : [];
    draft.verdict = {
      tree: entry.tree,
      ticket: entry.run.ticket,
      passed: [...passed, entry.item],
      seq: entry.seq,
    };
  },
  failed(draft, entry) {
    if (!entry.item || !entry.tree || !entry.run) return;
    const isUnproven = entry.evidence?.result === "unproven";
    draft.status.set(entry.item, isUnproven ? "unproven" : "failed");
    const isSession = draft.runs.find(({ ticket }) => ticket === entry.run?.ticket)?.mode !== "gates";
    if (!isUnproven && isSession)
      draft.rejections.set(entry.item, (draft.rejections.get(entry.item) ?? 0) + 1);
    const signature = entry.evidence?.signature;
    if (typeof signature === "string")
      draft.failures = new Map([...draft.failures, [signature, (draft.failures.get(signature) ?? 0) + 1]]);
    const passed = draft.verdict?.ticket === entry.run.ticket ? draft.verdict.passed : [];
    draft.verdict = { tree: entry.tree, ticket: entry.run.ticket, passed, seq: entry.seq };
  },
  asked(draft, entry) {
    draft.waiting = waiting("asking", entry);
  },
  stopped(draft, entry) {
    draft.waiting = waiting("stopped", entry);
    draft.openRun = undefined;
  },
  revoked(draft, entry) {
    draft.readyTree = undefined;
    if (entry.evidence?.reason !== "request-edited") return;
    draft.waiting = waiting("stopped", entry);
    draft.openRun = undefined;
  },
  answered(draft, entry) {
    reopen(draft);
    addGuidance(draft, entry);
  },
  continued: addGuidance,
  ready(draft, { tree }) {
    draft.readyTree = tree;
    draft.wasReady = true;
    draft.waiting = undefined;
  },
};

/** Another request: nothing that was proved for the old one counts. What it cost does. */
function startOver(draft: Draft): void {
  draft.status = new Map();
  draft.rejections = new Map();
  draft.failures = new Map();
  draft.sealedItems = new Set();
  draft.seal = undefined;
  draft.verdict = undefined;
  draft.sessionsWithoutProgress = 0;
}

/** What an answer touches gets checks anew, and another session. */
function reopen(draft: Draft): void {
  const { waiting, status } = draft;
  const unproven = [...status].filter(([, each]) => each === "unproven").map(([id]) => id);
  const touched = waiting?.item === undefined ? unproven : [waiting.item];
  for (const id of touched) if (status.get(id) === "unproven") status.delete(id);
  draft.sealedItems = new Set([...draft.sealedItems].filter((id) => !touched.includes(id)));
}

function addGuidance(draft: Draft, entry: LedgerEntry): void {
  if (draft.waiting?.reason !== "request-edited") draft.waiting = undefined;
  draft.sessionsWithoutProgress = 0;
  draft.failures = new Map();
  draft.rejections = new Map();
  if (entry.note) draft.guidance = [...draft.guidance, entry.note];
  const { allowTest, allowChange } = entry.evidence ?? {};
  if (typeof allowTest === "string") draft.allowedTests = [...draft.allowedTests, allowTest];
  if (typeof allowChange === "string") draft.allowedChanges = [...draft.allowedChanges, allowChange];
}

function waiting(kind: Waiting["kind"], entry: LedgerEntry): Waiting {
  const { evidence, note = "", item, seq } = entry;
  return { kind, reason: String(evidence?.reason ?? ""), note, item, seq };
}

function stringList(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
}

/** Whether a run's outcome is in the ledger already. */
export function isSettled(entries: readonly LedgerEntry[], ticket: string): boolean {
  return entries.some(({ type, run }) => type !== "dispatched" && run?.ticket === ticket);
}

/** Whether a run was dispatched for a request that has been authorised anew since. */
export function isOutdated(entries: readonly LedgerEntry[], ticket: string): boolean {
  const dispatched = entries.findIndex(({ type, run }) => type === "dispatched" && run?.ticket === ticket);
  return entries.findLastIndex(({ type }) => type === "authorised") > dispatched;
}

/** The first item that is neither passed nor beyond proof, in the order of the request. */
export function nextItem(task: Task): ItemState | undefined {
  return task.items.find(({ status }) => status === "remaining" || status === "failed");
}

/** Whether one verdict passed every item on exactly this work tree. */
export function isVerified(task: Task, workTree: string): boolean {
  const { verdict } = task;
  return (
    verdict !== undefined &&
    verdict.tree === workTree &&
    task.items.every(({ id, status }) => status === "passed" && verdict.passed.includes(id))
  );
}
