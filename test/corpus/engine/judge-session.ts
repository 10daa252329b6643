// One side of a case as a whole task: label, author, a scripted builder, verifier, settle, by the built command line.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { findItems } from "../../../src/core/items.ts";
import type { LedgerEntry } from "../../../src/core/ledger.ts";
import { createRepository, git, runScripted, temporaryFolder } from "../../e2e/fixture.ts";
import type { Base } from "./base-repository.ts";
import type { Side } from "./case-file.ts";
import { changeOf } from "./change-of.ts";
import type { Judged } from "./judge-change.ts";

/** One failed verdict ends the task: what a second try brings is another case. */
const config = "stop: { noProgress: 1, sameFailure: 1, rejected: 1 }\n";

const itemIds = (base: Base, { request = base.request }: Side) =>
  findItems(request).items.map(({ id }) => id);

type Call = Readonly<Record<string, unknown>>;

function authorTurns({ checks }: Base): unknown[] {
  const proposals: Call[] = checks.checks.map(({ overlay, timeoutSeconds: _, ...check }) => ({
    propose_check: {
      ...check,
      files: overlay.map((path) => ({ path, content: checks.files.get(path) ?? "" })),
    },
  }));
  return [{ call: proposals }, { call: [{ sealed: {} }] }];
}

function intakeOf({ intake }: Side, known: readonly string[]): Call {
  const files = known.map((path) => ({ path, why: "part of what was asked" }));
  return { intake: { files, sources: [], constraints: [], unknowns: [], ...intake } };
}

/** Reads, intake, the files of the item, then two claims: the first is answered with notes. */
function sessionTurns(base: Base, side: Side, session: { item: string; writes: Call[]; more: unknown[] }) {
  const known = Object.keys(base.tree).filter((path) => /\.(?:js|ts)$/.test(path));
  const claim = { call: [{ claim: { item: session.item, summary: "Done as asked; all tests pass." } }] };
  return [
    { call: known.map((path) => ({ read: { file_path: path } })) },
    { call: [intakeOf(side, known)] },
    ...(session.writes.length > 0 ? [{ call: session.writes }] : []),
    ...session.more,
    claim,
    claim,
  ];
}

/** A session for each item; the turns of the side's own, and what belongs to no item, are the first one's. */
function builderSessions(base: Base, side: Side, name: string): { turns: unknown[] }[] {
  const changed = Object.entries(changeOf(base, side, name));
  const itemOf = (path: string) => Object.keys(base.files).find((item) => base.files[item]?.includes(path));
  const toCall = ([path, text]: [string, string | null]): Call =>
    text === null ? { bash: { command: `rm -- '${path}'` } } : { write: { file_path: path, content: text } };
  return itemIds(base, side).map((item, index) => {
    const own = changed.filter(([path]) => (itemOf(path) ?? "item-1") === item);
    const more = index === 0 ? (side.builder ?? []) : [];
    return { turns: sessionTurns(base, side, { item, writes: own.map(toCall), more }) };
  });
}

function verifierTurns(base: Base, side: Side): unknown[] {
  const items = itemIds(base, side).map((id) => ({ id, result: "passed", why: "It does what was asked." }));
  return side.verifier ?? [{ call: [{ verdict: { items } }] }];
}

/** `intake`: a session went on to its end without one that was accepted. */
function earlierThanGates(ledger: readonly LedgerEntry[]): string[] {
  const ended = ledger.filter(({ type }) => type === "attempted").length;
  return ledger.filter(({ type }) => type === "intake").length < ended ? ["intake"] : [];
}

export async function judgeSession(base: Base, side: Side, { name }: { name: string }): Promise<Judged> {
  using folder = temporaryFolder();
  const repo = createRepository(folder.path, {});
  for (const [path, text] of Object.entries({ ...base.tree, ".github/agent-harness.yml": config })) {
    mkdirSync(dirname(join(repo, path)), { recursive: true });
    writeFileSync(join(repo, path), text);
  }
  git(repo, "add", "--all", "--force");
  git(repo, "commit", "--quiet", "--message=base");
  const issue = join(folder.path, "issue.md");
  const { title, body } = side.request ?? base.request;
  writeFileSync(issue, `# ${title}\n\n${body}`);
  const script = join(folder.path, "script.yaml");
  const conversations = {
    author: [{ turns: authorTurns(base) }],
    builder: builderSessions(base, side, name),
    verifier: [{ turns: verifierTurns(base, side) }],
  };
  writeFileSync(script, JSON.stringify(conversations));
  const started = performance.now();
  const played = await runScripted({ script, repo, issue, out: join(folder.path, "out") });
  const { report } = played;
  const seconds = (performance.now() - started) / 1000;
  if (report === undefined) throw new Error(`${name}: expected a report, found none. ${played.stderr}`);
  const failed = report.verdicts.flatMap(({ gates }) => gates).filter(({ result }) => result === "fail");
  return {
    passed: report.state === "ready",
    heldBackBy: [
      ...new Set(failed.map((gate) => gate.name)),
      ...(report.state === "ready" ? [] : [...earlierThanGates(report.ledger), report.reason]),
    ],
    why: [
      `${report.state} ${report.reason}`,
      ...failed.map((gate) => `${gate.name}: ${gate.why}`),
      ...played.mismatches.map(({ message }) => `the script did not fit: ${message}`),
    ].join("\n"),
    seconds,
  };
}
