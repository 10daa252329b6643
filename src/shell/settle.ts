// The last job of a run: checks what the others left, records it in one commit, and starts what is next.
import type { TaskFacts } from "../core/facts.ts";
import { Problem } from "../core/problem.ts";
import { foldTask, isOutdated, isSettled } from "../core/task.ts";
import { verdictSchema } from "../core/verdict.ts";
import { protectedPathTest } from "../verify/protected.ts";
import { type Artifact, fitSession, parseJson, readAuthor, readSession } from "./artifacts.ts";
import type { Pen } from "./draft.ts";
import { gather } from "./gather.ts";
import type { TaskPorts } from "./handle.ts";
import { type Leftovers, outcomeOf } from "./outcome.ts";
import { perform } from "./perform.ts";
import { planTask } from "./plan.ts";

export interface SettleRequest {
  readonly task: number;
  readonly ticket: string;
  readonly runId: number;
  readonly mode: "session" | "gates";
  /** The branch's head when the run started. */
  readonly head: string;
  readonly results: Readonly<Record<string, string>>;
  readonly failures: readonly string[];
  readonly repository: { readonly owner: string; readonly name: string };
  readonly artifacts: {
    readonly sealed: Artifact | undefined;
    readonly change: Artifact | undefined;
    readonly verdict: Artifact | undefined;
  };
}

const pen: Pen = { mayMarkReady: false, mayCancel: false, mendAfterMs: 0 };
const maxRounds = 5;

/** Settles once: a run whose outcome is recorded already only gets the effects that are still missing. */
export async function settle(request: SettleRequest, ports: TaskPorts): Promise<void> {
  for (let round = 1; round <= maxRounds; round += 1) {
    const facts = await gather(
      {
        task: request.task,
        repository: request.repository,
        now: new Date(ports.clock.now()).toISOString(),
        freshTicket: ports.newTicket(),
        newComment: undefined,
      },
      ports,
    );
    if (!facts?.record) throw new Problem("dispatch-refused", { what: "the task has no frame" });
    const { record } = facts;
    requireCounting(request, facts);
    const outcome = isSettled(record.entries, request.ticket)
      ? undefined
      : outcomeOf(facts, record, await leftovers(request, { facts, record, ports }));
    const effects = planTask(facts, pen, outcome);
    ports.log.line(`settle: ${effects.map(({ type }) => type).join(", ") || "nothing left to do"}`);
    if ((await perform(effects, facts, ports)) === "done") return;
    ports.log.line(`settle: the branch moved; deciding anew (${round} of ${maxRounds})`);
  }
  throw new Error(`The branch moved ${maxRounds} times while the run was being settled.`);
}

/** Of the runs with a ticket of the ledger the lowest counts, at its first attempt; another records nothing. */
function requireCounting({ ticket, runId }: SettleRequest, { runs, record }: TaskFacts): void {
  const refuse = (what: string) => new Problem("dispatch-refused", { what });
  if (!record?.entries.some(({ type, run }) => type === "dispatched" && run?.ticket === ticket))
    throw refuse("the ledger has no dispatch with this ticket");
  const counting = runs.find((run) => run.ticket === ticket);
  if (!counting || (counting.id === runId && counting.attempt === 1)) return;
  throw refuse(
    counting.id === runId
      ? `this is attempt ${counting.attempt} of the run, and only the first counts`
      : `run ${counting.id} has this ticket already`,
  );
}

async function leftovers(
  request: SettleRequest,
  context: { facts: TaskFacts; record: NonNullable<TaskFacts["record"]>; ports: TaskPorts },
): Promise<Leftovers> {
  const { artifacts, ticket } = request;
  const { facts, record, ports } = context;
  const headSha = facts.head?.sha ?? record.sha;
  const read = readSession(artifacts.change, {
    ticket,
    parent: request.head,
    isProtected: protectedPathTest(record.frame.protected),
  });
  const session = read && (await fitSession(read, ports.git, headSha));
  const hasMoved = headSha !== request.head && facts.head?.isPushed === true;
  const built =
    session && session.tree.length > 0 ? await ports.git.makeTree(headSha, session.tree) : undefined;
  const run = foldTask(record.frame, record.entries).runs.find((each) => each.ticket === ticket);
  const startedAt = run === undefined ? ports.clock.now() : Date.parse(run.at);
  return {
    ticket,
    runId: request.runId,
    mode: request.mode,
    results: request.results,
    failures: request.failures,
    author: readAuthor(artifacts.sealed),
    session: session?.session,
    verdict: parseJson(verdictSchema, artifacts.verdict?.get("verdict.json")),
    tree: built?.workTree ?? facts.head?.tree ?? "",
    baseTree: built?.sha,
    hasMoved,
    isOutdated: isOutdated(record.entries, ticket),
    minutes: Math.max(0, ports.clock.now() - startedAt) / 60_000,
  };
}
