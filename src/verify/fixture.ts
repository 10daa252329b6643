// For tests: a temporary git repository, changes against it, and a verification with as little as possible to say.
import { execFile } from "node:child_process";
import { chmod, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import type { Change, ChangeEntry } from "../core/change.ts";
import { noBlob } from "../core/change.ts";
import type { Check, CheckSet } from "../core/checks.ts";
import type { Frame } from "../core/frame.ts";
import { gitBlobSha } from "../core/hash.ts";
import type { Sandbox } from "../ports.ts";
import { createBubblewrapSandbox } from "../sandbox/bubblewrap.ts";
import { probeSandbox } from "../sandbox/probe.ts";
import { createUnconfinedSandbox } from "../sandbox/unconfined.ts";

const execute = promisify(execFile);

/** A text, `null` to delete, a link's target, or a text that can be executed. */
type FileSpec = string | null | { readonly link: string } | { readonly program: string };
export type Files = Readonly<Record<string, FileSpec>>;

export interface Repository extends AsyncDisposable {
  readonly directory: string;
  /** A folder outside the repository, removed with it. */
  readonly scratch: string;
  git(...args: string[]): Promise<string>;
  /** Writes, commits everything, answers the commit's id. */
  commit(files: Files): Promise<string>;
  /** A session's change onto `parent`, with its blobs in a folder; a text that names its interpreter can be executed. */
  change(
    parent: string,
    files: Readonly<Record<string, string | null>>,
  ): Promise<{
    readonly parent: string;
    readonly change: Change;
    readonly blobs: string;
  }>;
}

async function writeFiles(directory: string, files: Files): Promise<void> {
  for (const [path, spec] of Object.entries(files)) {
    const file = join(directory, path);
    await rm(file, { recursive: true, force: true });
    if (spec === null) continue;
    await mkdir(dirname(file), { recursive: true });
    if (typeof spec === "string") await writeFile(file, spec);
    else if ("link" in spec) await symlink(spec.link, file);
    else {
      await writeFile(file, spec.program);
      await chmod(file, 0o755);
    }
  }
}

export async function makeRepository(files: Files): Promise<Repository> {
  const root = await realpath(await mkdtemp(join(tmpdir(), "verify-test-")));
  const directory = join(root, "repository");
  const scratch = join(root, "scratch");
  await mkdir(directory);
  await mkdir(scratch);
  const env = { PATH: "/usr/bin:/bin:/usr/local/bin", HOME: root, GIT_CONFIG_NOSYSTEM: "1" };
  const git = async (...args: string[]) => {
    const who = ["-c", "user.name=test", "-c", "user.email=test@example.org"];
    return (await execute("git", ["-C", directory, ...who, ...args], { env })).stdout.trim();
  };
  await git("init", "-q", "-b", "main");
  const repository: Repository = {
    directory,
    scratch,
    git,
    async commit(more) {
      await writeFiles(directory, more);
      await git("add", "-A", "-f");
      await git("commit", "-q", "--allow-empty", "-m", "change");
      return git("rev-parse", "HEAD");
    },
    async change(parent, changed) {
      const blobs = await mkdtemp(join(scratch, "blobs-"));
      const entries: ChangeEntry[] = [];
      for (const [path, text] of Object.entries(changed)) {
        if (text === null) {
          entries.push({ path, mode: "delete", blob: noBlob, size: 0 });
          continue;
        }
        const bytes = Buffer.from(text);
        await writeFile(join(blobs, gitBlobSha(bytes)), bytes);
        const mode = text.startsWith("#!") ? "100755" : "100644";
        entries.push({ path, mode, blob: gitBlobSha(bytes), size: bytes.byteLength });
      }
      return { parent, change: { ticket: "t-1", parent, entries }, blobs };
    },
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  };
  await repository.commit(files);
  return repository;
}

const probe = await probeSandbox({});
const options = {
  nodePath: process.execPath,
  toolHostPath: join(import.meta.dirname, "../sandbox/tool-host.ts"),
};

/** What confines runs on this machine; bubblewrap where it works. */
export const sandbox: Sandbox = probe.ok
  ? createBubblewrapSandbox(options)
  : createUnconfinedSandbox(options);

export function makeCheck(check: Partial<Check> & Pick<Check, "run">): Check {
  return {
    id: "check-1",
    item: "item-1",
    behaviour: "it adds two numbers",
    heldOut: false,
    onBase: "red",
    overlay: [],
    timeoutSeconds: 30,
    ...check,
  };
}

export function makeChecks(checks: readonly Check[], files: Readonly<Record<string, string>>): CheckSet {
  return { checks, files: new Map(Object.entries(files)) };
}

export function makeFrame(frame: Partial<Frame> & Pick<Frame, "base">): Frame {
  const span = "add() subtracts\n\nIt should add two numbers.";
  return {
    schema: 1,
    task: 1,
    kind: "bugfix",
    why: "test",
    request: { title: "add() subtracts", body: "It should add two numbers.", sha256: "0".repeat(64) },
    items: [{ id: "item-1", span, source: "request" }],
    uncovered: [],
    unknowns: [],
    protected: [".github/**", "AGENTS.md"],
    budget: { tokens: 1, usd: null, sessions: 1, minutes: 1 },
    stop: { noProgress: 1, sameFailure: 1, rejected: 1 },
    setup: null,
    test: "npm test",
    gates: [],
    ...frame,
  };
}
