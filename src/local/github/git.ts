// The bare repository: reading and writing objects through git processes that stay open. Knows nothing of HTTP or refs' rules.
import { type ChildProcessWithoutNullStreams, execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Mutex } from "./mutex.ts";

export interface GitObject {
  readonly sha: string;
  readonly type: string;
  readonly size: number;
  readonly bytes: Buffer;
}

export interface GitResult {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** What every git process gets: no configuration of the machine, no prompts, no locale. */
export function gitEnvironment(): Record<string, string> {
  return {
    PATH: "/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_TERMINAL_PROMPT: "0",
    LC_ALL: "C",
  };
}

/** A git process ended in place of an answer; the next request gets a new one. */
class GitEnded extends Error {}

/** One git process that answers requests in order; started when first needed, again after it died. */
class GitPipe {
  readonly #start: () => ChildProcessWithoutNullStreams;
  readonly #order = new Mutex();
  #child: ChildProcessWithoutNullStreams | undefined;

  constructor(start: () => ChildProcessWithoutNullStreams) {
    this.#start = start;
  }

  /** `complete` says where the answer ends in what has come so far, or -1. */
  ask(request: string | Buffer, complete: (bytes: Buffer) => number): Promise<Buffer> {
    return this.#order.run(() => this.#exchange(request, complete));
  }

  #exchange(request: string | Buffer, complete: (bytes: Buffer) => number): Promise<Buffer> {
    this.#child ??= this.#start();
    const child = this.#child;
    return new Promise((resolve, reject) => {
      let seen: Buffer = Buffer.alloc(0);
      let stderr = "";
      const onError = (chunk: Buffer) => {
        stderr += chunk.toString("utf8");
      };
      const stop = () => {
        child.stdout.off("data", onData);
        child.stderr.off("data", onError);
        child.off("close", onClose);
      };
      const onData = (chunk: Buffer) => {
        seen = seen.length === 0 ? chunk : Buffer.concat([seen, chunk]);
        const end = complete(seen);
        if (end < 0) return;
        stop();
        resolve(seen.subarray(0, end));
      };
      const onClose = () => {
        stop();
        this.#child = undefined;
        reject(new GitEnded(`Expected git to answer, it ended: ${stderr.trim()}`));
      };
      child.stdout.on("data", onData);
      child.stderr.on("data", onError);
      child.on("close", onClose);
      child.stdin.write(request);
    });
  }

  /** Resolves when the process is gone. */
  async close(): Promise<void> {
    const child = this.#child;
    if (!child) return;
    const closed = new Promise((resolve) => child.once("close", resolve));
    child.stdin.end();
    await closed;
  }
}

const lineEnd = (bytes: Buffer) => bytes.indexOf("\n") + 1 || -1;
const NO_OBJECT = "0".repeat(40);
const HEADER = /^([0-9a-f]{40}) (\w+) (\d+)$/;

export class Git implements AsyncDisposable {
  readonly dir: string;
  readonly #scratch: string;
  readonly #reader: GitPipe;
  readonly #trees: GitPipe;
  readonly #updates: GitPipe;
  readonly #hashers: Record<"blob" | "commit" | "tag", GitPipe>;

  constructor(dir: string) {
    this.dir = dir;
    this.#scratch = join(dir, "harness-input");
    this.#reader = this.#pipe(["cat-file", "--batch-command"]);
    this.#trees = this.#pipe(["mktree", "--batch", "-z"]);
    this.#updates = this.#pipe(["update-ref", "--stdin"]);
    const hasher = (type: string) =>
      this.#pipe(["hash-object", "-w", "-t", type, "--no-filters", "--stdin-paths"]);
    this.#hashers = { blob: hasher("blob"), commit: hasher("commit"), tag: hasher("tag") };
  }

  #pipe(args: string[]): GitPipe {
    return new GitPipe(() => {
      const child = spawn("git", ["--git-dir", this.dir, ...args], { env: gitEnvironment() });
      child.stdin.on("error", () => child.kill());
      return child;
    });
  }

  /** What a revision (`main`, `<sha>^{tree}`, `<rev>:<path>`) names. */
  async info(revision: string): Promise<Omit<GitObject, "bytes"> | undefined> {
    if (unsafe(revision)) return undefined;
    const answer = await this.#reader.ask(`info ${revision}\n`, lineEnd);
    const match = HEADER.exec(answer.toString("utf8").trimEnd());
    return match ? { sha: match[1] ?? "", type: match[2] ?? "", size: Number(match[3]) } : undefined;
  }

  async sha(revision: string): Promise<string | undefined> {
    return (await this.info(revision))?.sha;
  }

  async read(revision: string): Promise<GitObject | undefined> {
    if (unsafe(revision)) return undefined;
    const answer = await this.#reader.ask(`contents ${revision}\n`, (bytes) => {
      const end = lineEnd(bytes);
      const size = end < 0 ? undefined : HEADER.exec(bytes.toString("utf8", 0, end - 1))?.[3];
      if (size === undefined) return end;
      return bytes.length >= end + Number(size) + 1 ? end + Number(size) + 1 : -1;
    });
    const end = lineEnd(answer);
    const match = HEADER.exec(answer.toString("utf8", 0, end - 1));
    if (!match) return undefined;
    return {
      sha: match[1] ?? "",
      type: match[2] ?? "",
      size: Number(match[3]),
      bytes: answer.subarray(end, -1),
    };
  }

  /** Writes one object as it stands and gives its id; git refuses a commit or tag that is not well formed. */
  async write(type: "blob" | "commit" | "tag", bytes: Buffer): Promise<string> {
    const file = join(this.#scratch, `${process.hrtime.bigint()}-${Math.random().toString(36).slice(2)}`);
    await mkdir(this.#scratch, { recursive: true });
    await writeFile(file, bytes);
    const answer = await this.#hashers[type].ask(`${file}\n`, lineEnd);
    await rm(file, { force: true });
    return answer.toString("utf8").trim();
  }

  /** `lines` as `git ls-tree` prints them; the objects must exist. */
  async writeTree(lines: readonly string[]): Promise<string> {
    const answer = await this.#trees.ask(`${lines.map((line) => `${line}\0`).join("")}\0`, lineEnd);
    return answer.toString("utf8").trim();
  }

  /**
   * Git's own compare-and-swap: sets `ref` to `sha` if it is at `before` now. 40 zeros mean that there is no such ref.
   * False where git refuses, whatever the reason.
   */
  async swapRef(ref: string, sha: string, before: string): Promise<boolean> {
    const change = sha === NO_OBJECT ? `delete ${ref} ${before}` : `update ${ref} ${sha} ${before}`;
    const done = "start: ok\ncommit: ok\n";
    const request = `start\n${change}\ncommit\n`;
    return this.#updates
      .ask(request, (bytes) => (bytes.length >= done.length ? bytes.length : -1))
      .then((answer) => answer.toString("utf8") === done)
      .catch((error: unknown) => {
        if (error instanceof GitEnded) return false;
        throw error;
      });
  }

  /** Runs one git command to its end. Never throws for a failing command. */
  run(args: readonly string[], input?: string | Buffer): Promise<GitResult> {
    return new Promise((resolve) => {
      const options = { env: gitEnvironment(), encoding: "buffer" as const, maxBuffer: 512 * 1024 * 1024 };
      const child = execFile("git", ["--git-dir", this.dir, ...args], options, (error, stdout, stderr) => {
        const code = error ? (typeof error.code === "number" ? error.code : 128) : 0;
        resolve({ code, stdout, stderr: stderr.toString("utf8") });
      });
      child.stdin?.end(input);
    });
  }

  /** The output of a command that must succeed. */
  async text(args: readonly string[]): Promise<string> {
    const result = await this.run(args);
    if (result.code !== 0) throw new Error(`git ${args.join(" ")} failed: ${result.stderr.trim()}`);
    return result.stdout.toString("utf8");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(
      [this.#reader, this.#trees, this.#updates, ...Object.values(this.#hashers)].map((pipe) => pipe.close()),
    );
  }
}

function unsafe(revision: string): boolean {
  return revision === "" || /[\n\0]/.test(revision);
}

/** Opens the repository, making it first where there is none. */
export async function openGit(dir: string, defaultBranch: string): Promise<Git> {
  const git = new Git(dir);
  if (!existsSync(join(dir, "HEAD"))) {
    await mkdir(join(dir, "hooks"), { recursive: true });
    await git.text(["init", "--quiet", "--bare", "--initial-branch", defaultBranch]);
    await writeFile(join(dir, "config"), CONFIG);
  }
  return git;
}

/** Clients may not write what GitHub keeps for itself; any other namespace is theirs. */
const CONFIG = `[core]
\trepositoryformatversion = 0
\tfilemode = true
\tbare = true
\tlogAllRefUpdates = false
[http]
\treceivepack = true
[receive]
\thideRefs = refs/pull
\tadvertisePushOptions = true
[uploadpack]
\tallowAnySHA1InWant = true
\tallowFilter = true
[gc]
\tauto = 0
`;
