// The one catalogue of what can go wrong and be mended by somebody: what was expected, what was found, what to do.

type Facts = Readonly<Record<string, string | number>>;

interface Entry {
  /** The command line's exit code for it. */
  readonly exitCode: 1 | 2 | 4;
  readonly expected: string;
  readonly found: (facts: Facts) => string;
  readonly todo: string;
}

const usage = (expected: string, found: Entry["found"], todo: string): Entry => ({
  exitCode: 2,
  expected,
  found,
  todo,
});

const catalogue = {
  "issue-file-missing": usage(
    "`--issue` names a Markdown file: a line `# title`, then the body",
    (f) => `no file at ${f.path}`,
    "write the request into a file and pass its path to `--issue`",
  ),
  "issue-file-empty": usage(
    "the issue file holds a line `# title`, then the body",
    (f) => `${f.path} ${f.what}`,
    "write the title as `# …` in the first line and the request below it",
  ),
  "repository-missing": usage(
    "`--repo` names a git repository",
    (f) => `${f.path} ${f.what}`,
    "pass the path of a checkout, or run `git init` and commit there first",
  ),
  "repository-empty": usage(
    "the repository has at least one commit",
    (f) => `no commit in ${f.path}`,
    "commit the code first: `git add -A && git commit -m start`",
  ),
  "repository-uncommitted": usage(
    "the repository's work is committed, since the task starts from a commit",
    (f) => `uncommitted: ${f.paths}`,
    "commit or stash it (`git stash -u`), then run again; nothing was touched",
  ),
  "test-command-missing": usage(
    "a test command: regressions are found by running the repository's own tests",
    (f) => `no test command in ${f.where}`,
    "add `test: <command>` to `.github/agent-harness.yml` (or to the file given to `--config`)",
  ),
  "configuration-invalid": usage(
    "`.github/agent-harness.yml` follows its schema (docs/configuration.md)",
    (f) => `${f.count} ${f.count === 1 ? "mistake" : "mistakes"}:\n${f.mistakes}`,
    "correct the lines named above",
  ),
  "configuration-missing": usage(
    "`--config` names a YAML file",
    (f) => `no file at ${f.path}`,
    "pass the path of an existing file, or leave `--config` out for the defaults",
  ),
  "option-invalid": usage(
    "options as `agent-harness --help` lists them",
    (f) => `${f.what}`,
    "see `agent-harness --help`",
  ),
  "model-key-missing": usage(
    "a model service: `ANTHROPIC_API_KEY` (or `ANTHROPIC_AUTH_TOKEN`), or `ANTHROPIC_BASE_URL` of a server of your own",
    () => "none of them is set",
    "export `ANTHROPIC_API_KEY=…`, or run `agent-harness local` without `--repo` to see a sample with a scripted model",
  ),
  "model-unreachable": usage(
    "the model service answers",
    (f) => `${f.url}: ${f.what}`,
    "check `ANTHROPIC_BASE_URL` and the network, then run again",
  ),
  "model-failed": {
    exitCode: 4,
    expected: "the model service answers until the work is done",
    found: (f) => `${f.status}: ${f.what}`,
    todo: "see to key, credit or address of the service, then comment `/continue`",
  },
  "out-occupied": usage(
    "`--out` names a new or empty folder, or one that an earlier run of the same task left",
    (f) => `${f.path} ${f.what}`,
    "choose another folder, or leave `--out` out",
  ),
  interrupted: {
    exitCode: 4,
    expected: "the task goes on until it waits for a person",
    found: (f) => `you ended it; everything so far is in ${f.out}`,
    todo: "to go on, run the same command with that folder as `--out`",
  },
  "base-unknown": usage(
    "`--base` and `--head` name commits of the repository",
    (f) => `${f.revision} is not one`,
    "pass a branch, tag or commit that `git rev-parse` knows",
  ),
  "checks-invalid": usage(
    "`--checks` (of the action: `checks`) names a folder with `checks.json` and the files it lays over the tree under `files/`",
    (f) => `${f.what}`,
    "see docs/gates/red-green.md for the format",
  ),
  "action-input-invalid": usage(
    "inputs of the action as docs/verify-action.md and the shipped workflow give them",
    (f) => `${f.what}`,
    "correct `with:` in the workflow",
  ),
  "not-a-pull-request": usage(
    "`mode: verify` in a workflow on `pull_request`",
    (f) => `${f.what}`,
    "use the workflow in docs/verify-action.md",
  ),
  "history-missing": usage(
    "a checkout with the pull request's head and the history of its base",
    (f) => `${f.what}`,
    "give `actions/checkout` the input `fetch-depth: 0`, and no `ref`",
  ),
  "setup-failed": {
    exitCode: 4,
    expected: "the set-up command of the repository succeeds on base",
    found: (f) => `\`${f.command}\` ended with ${f.status}:\n${f.output}`,
    todo: "mend the command, or set `setup:` in `.github/agent-harness.yml`",
  },
  "frame-tampered": {
    exitCode: 1,
    expected: "the frame as the App committed it",
    found: (f) => `${f.what}`,
    todo: "restore `.harness/` from the App's last commit, or remove the label and set it anew",
  },
  "ledger-broken": {
    exitCode: 1,
    expected: "a ledger whose every line carries the hash of the line before",
    found: (f) => `line ${f.line}: ${f.what}`,
    todo: "restore `ledger.jsonl` from the last commit of the App",
  },
  "change-refused": {
    exitCode: 1,
    expected: "a change of ordinary files within the allowed paths and sizes",
    found: (f) => `${f.entries}`,
    todo: "leave those entries out; the rest of the change was kept out too",
  },
  "dispatch-refused": {
    exitCode: 1,
    expected: "a run that the App dispatched, with its ticket still open",
    found: (f) => `${f.what}`,
    todo: "comment `/continue` on the pull request to start a run",
  },
  "artifact-mismatch": {
    exitCode: 1,
    expected: "the artifact that the earlier job uploaded, unchanged",
    found: (f) => `${f.what}`,
    todo: "comment `/continue` to run the item again",
  },
  "sandbox-missing": {
    exitCode: 2,
    expected: "a working bubblewrap sandbox for what the model runs",
    found: (f) => `${f.what}`,
    todo: "install it (`apt-get install bubblewrap`), or allow running without one (`--unsafe-no-sandbox`)",
  },
} as const satisfies Record<string, Entry>;

export type ProblemCode = keyof typeof catalogue;

export const problemCodes = Object.keys(catalogue) as readonly ProblemCode[];

/** Something somebody can mend. `message` has all three parts; `exitCode` is the command line's. */
export class Problem extends Error {
  readonly code: ProblemCode;
  readonly facts: Facts;
  readonly exitCode: 1 | 2 | 4;

  constructor(code: ProblemCode, facts: Facts = {}, options: { cause?: unknown } = {}) {
    const entry: Entry = catalogue[code];
    super(`Expected: ${entry.expected}.\nFound: ${entry.found(facts)}.\nTo do: ${entry.todo}.`, options);
    this.name = "Problem";
    this.code = code;
    this.facts = facts;
    this.exitCode = entry.exitCode;
  }
}
