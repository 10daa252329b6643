// `intake`: what the builder knows before its first change, checked against what it really read. Reopening the
// workspace for writing is the session's.
import * as z from "zod";
import { type IntakeRecord, unknownSchema } from "../core/session-report.ts";
import type { Tool } from "./types.ts";

const MAX_INTAKE_FILES = 40;

const texts = z.array(z.string()).default([]);

export const intake = {
  name: "intake",
  roles: ["builder"],
  description:
    "First, before any change: files you read (with `read`, in this session) and why, sources, constraints, unknowns. A source that is a file must have been read too; quote it word for word. A blocking unknown must then be asked; any other needs an assumption. `add`: verbatim spans of the request that no item covers.",
  schema: z.object({
    files: z.array(z.object({ path: z.string().min(1), why: z.string() })).max(MAX_INTAKE_FILES),
    sources: texts,
    constraints: texts,
    unknowns: z.array(unknownSchema).default([]),
    add: z.array(z.object({ span: z.string().min(1) })).optional(),
  }),
  example: {
    files: [{ path: "src/cart.js", why: "holds the total that the request is about" }],
    sources: ['docs/prices.md: "totals are in cents"'],
    constraints: ["prices stay in cents"],
    unknowns: [{ question: "Round half up?", blocking: false, assumption: "as the existing code does" }],
  },
} satisfies Tool;

export interface IntakeFacts {
  readonly item: string;
  /** Of every file of the tree at session start. */
  readonly blobAtStart: (path: string) => string | undefined;
  readonly blobNow: (path: string) => string | undefined;
  readonly wasRead: (path: string) => boolean;
  /** Of a file that is as it was at session start. */
  readonly textOf: (path: string) => string | undefined;
  /** A path as the model wrote it, relative to the tree. */
  readonly toRelative: (path: string) => string;
  readonly hasFiles: boolean;
  /** Request and authorised answers: where an added span must stand. */
  readonly spanSources: readonly string[];
}

export type IntakeJudgement =
  | { readonly kind: "accepted"; readonly record: IntakeRecord }
  /** Complete, but it names questions that must be asked before anything is changed. */
  | { readonly kind: "must-ask"; readonly record: IntakeRecord; readonly questions: readonly string[] }
  | { readonly kind: "refused"; readonly problems: readonly string[] };

export function judgeIntake(input: z.output<typeof intake.schema>, facts: IntakeFacts): IntakeJudgement {
  const cited = input.files.map(({ path, why }) => citeFile({ path: facts.toRelative(path), why }, facts));
  const added = (input.add ?? []).map(({ span }) => span);
  const problems = [
    ...(input.files.length === 0 && facts.hasFiles
      ? ["`files`: expected at least one file, found none"]
      : []),
    ...cited.flatMap((each) => ("problem" in each ? [each.problem] : [])),
    ...input.sources.flatMap((source) => sourceProblems(source, facts)),
    ...input.unknowns.flatMap(unknownProblem),
    ...added.filter((span) => !facts.spanSources.some((text) => text.includes(span))).map(spanProblem),
  ];
  if (problems.length > 0) return { kind: "refused", problems };
  const record: IntakeRecord = {
    item: facts.item,
    files: cited.flatMap((each) => ("problem" in each ? [] : [each])),
    sources: input.sources,
    constraints: input.constraints,
    unknowns: input.unknowns,
    added,
  };
  const questions = input.unknowns.filter(({ blocking }) => blocking).map(({ question }) => question);
  return questions.length > 0 ? { kind: "must-ask", record, questions } : { kind: "accepted", record };
}

function citeFile(
  { path, why }: { path: string; why: string },
  facts: IntakeFacts,
): { path: string; why: string; blob: string } | { problem: string } {
  const blob = facts.blobAtStart(path);
  if (blob === undefined)
    return { problem: `${path}: expected a file of the tree, found none; cite what exists` };
  if (!facts.wasRead(path))
    return { problem: `${path}: expected a file you read with \`read\` in this session; read it first` };
  if (facts.blobNow(path) !== blob)
    return { problem: `${path}: expected its content as at session start, found another` };
  return { path, why, blob };
}

/** A path at its beginning: with a folder, or with an ending that documents and code have. */
const sourcePath =
  /^`?((?:[\w.@-]+\/)+[\w.@-]+\.[A-Za-z]\w{0,7}|[\w.@-]+\.(?:md|txt|rst|[cm]?[jt]sx?|py|go|rs|json|ya?ml|toml|csv|html))`?(?![\w/])/;
const quotation = /"([^"]{8,})"|“([^”]{8,})”/g;

/** A source that names a file is held to it. What no file of the tree can show stays the builder's word. */
function sourceProblems(source: string, facts: IntakeFacts): string[] {
  const named = sourcePath.exec(source.trim())?.[1];
  if (named === undefined) return [];
  const cited = citeFile({ path: facts.toRelative(named), why: source }, facts);
  if ("problem" in cited) return [`source ${cited.problem}`];
  const text = (facts.textOf(cited.path) ?? "").replace(/\s+/g, " ");
  return [...source.matchAll(quotation)]
    .map(([, straight, curly]) => (straight ?? curly ?? "").replace(/\s+/g, " "))
    .filter((quoted) => !text.includes(quoted))
    .map(
      (quoted) =>
        `source ${named}: expected a verbatim quotation, found ${JSON.stringify(quoted.slice(0, 80))}`,
    );
}

function unknownProblem({ question, blocking, assumption }: z.infer<typeof unknownSchema>): string[] {
  if (blocking || assumption !== undefined) return [];
  return [`unknown "${question}": expected an \`assumption\`, since it is not blocking`];
}

function spanProblem(span: string): string {
  return `add: expected a verbatim span of the request, found ${JSON.stringify(span.slice(0, 80))}`;
}
