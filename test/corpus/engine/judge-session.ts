// One side of a case as a whole task: label, author, a scripted builder, verifier, settle, by the built command line.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { findItems } from "../../../src/core/items.ts";
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

/** Reads, intake, the files of the side, the turns of its own, then two claims: the first is answered with notes. */
function builderTurns(base: Base, side: Side, name: string): unknown[] {
  const changed = changeOf(base, side, name);
  const known = Object.keys(base.tree).filter((path) => /\.(?:js|ts)$/.test(path));
  const writes: Call[] = Object.entries(changed).map(([path, text]) =>
    text === null ? { bash: { command: `rm -- '${path}'` } } : { write: { file_path: path, content: text } },
  );
  const [item] = itemIds(base, side);
  const claim = { call: [{ claim: { item, summary: "Done as asked; all tests pass." } }] };
  return [
    { call: known.map((path) => ({ read: { file_path: path } })) },
    {
      call: [
        {
          intake: {
            files: known.map((path) => ({ path, why: "part of what was asked" })),
            sources: [],
            constraints: [],
            unknowns: [],
          },
        },
      ],
    },
    ...(writes.length > 0 ? [{ call: writes }] : []),
    ...(side.builder ?? []),
    claim,
    claim,
  ];
}

function verifierTurns(base: Base, side: Side): unknown[] {
  const items = itemIds(base, side).map((id) => ({ id, result: "passed", why: "It does what was asked." }));
  return side.verifier ?? [{ call: [{ verdict: { items } }] }];
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
    builder: [{ turns: builderTurns(base, side, name) }],
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
      ...(report.state === "ready" ? [] : [report.reason]),
    ],
    why: [
      `${report.state} ${report.reason}`,
      ...failed.map((gate) => `${gate.name}: ${gate.why}`),
      ...played.mismatches.map(({ message }) => `the script did not fit: ${message}`),
    ].join("\n"),
    seconds,
  };
}
