// The verifier's own conversation, on a copy of head, once all gates pass. It gets facts, never the builder's words; it
// can add failures that the harness reproduces, and doubts that people read. It opens no gate.
import { lstatSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { CheckOutcome } from "../core/check-run.ts";
import { type Check, checkSchema } from "../core/checks.ts";
import { type Item, requestText } from "../core/frame.ts";
import { Problem } from "../core/problem.ts";
import type { GateResult, ItemResult } from "../core/verdict.ts";
import type { ConversationEnd } from "../ports.ts";
import { converseLooking, type LookingOptions } from "../session/looking-conversation.ts";
import { fence } from "../session/opening.ts";
import { finding, isRequestSpan } from "../tools/finding.ts";
import { type Answer, accept, refuse } from "../tools/types.ts";
import { judgeVerdict, verdict } from "../tools/verdict.ts";
import type { FindingsContext, FindingsResult, FindingsStep } from "./assemble-verdict.ts";
import { openWorkCopy } from "./work-copy.ts";

export interface FindingsOptions extends Omit<LookingOptions, "workspace" | "readable" | "env"> {
  /** Texts of authorised answers. */
  readonly answers: readonly string[];
  /** Told of the conversation once it is over. */
  readonly onTranscript?: (jsonLines: string) => void;
}

type Finding = ReturnType<typeof finding.schema.parse>;
type Given = ReturnType<typeof verdict.schema.parse>["items"];

interface Desk {
  readonly options: FindingsOptions;
  readonly context: FindingsContext;
  readonly items: readonly Item[];
  /** Those that the harness reproduced. */
  readonly counting: Finding[];
  readonly doubts: string[];
  findings: number;
  given: Given | undefined;
}

const MAX_FINDINGS = 30;
const MAX_LISTED = 100;

/** The step for `verifyChange`. Throws `model-failed`, and where the sandbox cannot be opened. */
export function createFindingsStep(options: FindingsOptions): FindingsStep {
  return async (context) => {
    const { facts, prepared } = context;
    const copies = join(options.scratchDir, "copies");
    await mkdir(copies, { recursive: true });
    await using copy = await openWorkCopy(prepared.head, copies);
    const items = facts.frame.items.filter(({ id }) => facts.covered.includes(id));
    const desk: Desk = { options, context, items, counting: [], doubts: [], findings: 0, given: undefined };
    const looked = await converseLooking(
      {
        ...options,
        workspace: copy.directory,
        readable: [...prepared.head.readable, facts.directories.base],
        env: prepared.head.env,
        scratchDir: join(options.scratchDir, "outputs"),
      },
      {
        opening: renderFindingsOpening(desk),
        purpose: "verification",
        reminder: "Every answer calls a tool: `finding`, or `verdict` with a result for every item.",
        tools: (guard) => [
          guard.offer(finding, (input) => takeFinding(desk, input)),
          guard.offer(verdict, async (input) => takeVerdict(desk, input.items)),
        ],
        isOver: () => desk.given !== undefined,
      },
    );
    options.onTranscript?.(looked.transcript);
    requireService(looked.end);
    return { ...conclude(desk, looked.end), usage: looked.usage };
  };
}

/** A service that is gone says nothing about the change: no verdict, instead of one against the builder. */
function requireService(end: ConversationEnd): void {
  if (end.kind === "service")
    throw new Problem("model-failed", { status: end.status ?? "no answer", what: end.message });
}

function renderFindingsOpening({ options, context, items }: Desk): string {
  const { facts, gates } = context;
  const changes = facts.differences.map(({ path, before, after }) => {
    const how = before === undefined ? "added" : after === undefined ? "deleted" : "changed";
    return `- ${how}: ${JSON.stringify(path)}`;
  });
  const left = changes.length - MAX_LISTED;
  const parts = [
    `## Request\n\n${fence(requestText(facts.frame.request))}`,
    ...options.answers.map((answer) => `## Answer of a person\n\n${fence(answer)}`),
    `## Items to judge\n\n${items.map(({ id, span }) => `### ${id}\n\n${fence(span)}`).join("\n\n")}`,
    `## What differs from base\n\n${changes.slice(0, MAX_LISTED).join("\n")}${left > 0 ? `\n- and ${left} more` : ""}`,
    `The tree at base, for comparison: ${facts.directories.base}`,
    `## Gates\n\n${gates.map(({ name, result }) => `- ${name}: ${result}`).join("\n")}`,
  ];
  return parts.join("\n\n");
}

function takeVerdict(desk: Desk, given: Given): Answer {
  const { isDone, answer } = judgeVerdict(
    { items: given },
    desk.items.map(({ id }) => id),
  );
  if (isDone) desk.given = given;
  return answer;
}

async function takeFinding(desk: Desk, input: Finding): Promise<Answer> {
  const item = desk.items.find(({ id }) => id === input.item);
  if (!item) {
    return refuse(
      `finding: expected one of ${desk.items.map(({ id }) => id).join(", ")}, found ${input.item}`,
    );
  }
  desk.findings += 1;
  if (desk.findings > MAX_FINDINGS)
    return refuse(`finding: at most ${MAX_FINDINGS}; give the \`verdict\` now.`);
  const doubted = (why: string) => {
    desk.doubts.push(`${item.id}: ${input.claim}`);
    return accept(`${why} It is shown to people as a doubt and does not count.`);
  };
  if (!input.check) return doubted("Noted without a check.");
  const made = toCheck(desk, item, input.check);
  if ("problems" in made) return refuse(`finding: not taken:\n${made.problems.join("\n")}`);
  const head = await run(desk, { ...made, on: "head" });
  if (head.status !== "red")
    return doubted(
      `Re-run on this tree, the check is ${head.status}: ${head.why}.\n${head.output.slice(-1_500)}\n`,
    );
  const isCited = isRequestSpan(input.span, {
    text: requestText(desk.context.facts.frame.request),
    itemSpan: item.span,
  });
  const base = isCited ? undefined : await run(desk, { ...made, on: "base" });
  if (base && base.status !== "green") {
    return doubted(
      `Red here, but \`span\` is not of the request, and at base the check is ${base.status}, not green.`,
    );
  }
  desk.counting.push(input);
  return accept("Reproduced: red on this tree. It counts.");
}

function toCheck(
  desk: Desk,
  item: Item,
  input: NonNullable<Finding["check"]>,
): { check: Check; files: ReadonlyMap<string, string> } | { problems: readonly string[] } {
  const { base, head } = desk.context.facts.directories;
  const paths = input.files.map(({ path }) => path);
  const parsed = checkSchema.safeParse({
    id: `finding-${desk.findings}`,
    item: item.id,
    behaviour: "reported by the verifier",
    heldOut: true,
    overlay: paths,
    run: input.run,
  });
  if (!parsed.success)
    return { problems: parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`) };
  // Laid over the code itself, any check can be made to fail.
  const taken = paths.filter((path) => [base, head].some((root) => exists(join(root, path))));
  if (taken.length > 0)
    return { problems: taken.map((path) => `${path}: expected a new file, the tree has one there`) };
  return { check: parsed.data, files: new Map(input.files.map(({ path, content }) => [path, content])) };
}

function exists(file: string): boolean {
  return lstatSync(file, { throwIfNoEntry: false }) !== undefined;
}

/** The claim is no justification for what is missing: it is the verifier's own text. */
function run(
  { context, options }: Desk,
  request: { check: Check; files: ReadonlyMap<string, string>; on: "base" | "head" },
): Promise<CheckOutcome> {
  const { check, files, on } = request;
  const justification = [requestText(context.facts.frame.request), ...options.answers].join("\n\n");
  return context.facts.checkRunner.run({ check, files, on, environment: "configured", justification });
}

function conclude(desk: Desk, end: ConversationEnd): Omit<FindingsResult, "usage"> {
  const results = desk.items.map((item) => judge(desk, item));
  const doubts = [...desk.doubts, ...results.flatMap(({ doubt }) => (doubt === undefined ? [] : [doubt]))];
  const items = results.map(({ result }) => result);
  return { gate: gateOf(desk, end), items, doubts };
}

function judge(desk: Desk, item: Item): { result: ItemResult; doubt?: string } {
  const counting = desk.counting.filter((each) => each.item === item.id).map(({ claim }) => claim);
  if (counting.length > 0) return { result: { id: item.id, result: "failed", why: counting.join("; ") } };
  const given = desk.given?.find(({ id }) => id === item.id);
  if (!given) return { result: { id: item.id, result: "failed", why: "the verifier gave no result" } };
  if (given.result === "passed") return { result: { ...given, result: "passed" } };
  const doubt = `${item.id}: ${given.result} for the verifier, without a check that shows it: ${given.why}`;
  return { result: { id: item.id, result: "passed", why: "no finding could be reproduced" }, doubt };
}

function gateOf({ counting, given }: Desk, end: ConversationEnd): GateResult {
  const name = "findings";
  if (!given)
    return { name, result: "fail", why: `no verdict for every item: the conversation ended (${said(end)})` };
  if (counting.length === 0) return { name, result: "pass", why: "no finding could be reproduced" };
  const evidence = counting.map(({ item, claim, span }) => ({ item, claim, span }));
  const count = counting.length === 1 ? "one finding" : `${counting.length} findings`;
  return { name, result: "fail", why: `${count} reproduced: ${counting[0]?.claim ?? ""}`, evidence };
}

function said(end: ConversationEnd): string {
  return "reason" in end ? `${end.kind}: ${end.reason}` : end.kind;
}
