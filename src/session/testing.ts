// For tests only: a real repository in a temporary folder, a real tool host without confinement, and a scripted model
// behind the real SDK.
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { createAnthropicModel } from "../adapters/anthropic.ts";
import { type Frame, frameSchema, requestSha256 } from "../core/frame.ts";
import type { Script } from "../local/model/script.ts";
import { startScriptedModel } from "../local/model/server.ts";
import type { Model, Sandbox } from "../ports.ts";
import { createBubblewrapSandbox } from "../sandbox/bubblewrap.ts";
import { probeSandbox } from "../sandbox/probe.ts";
import { createUnconfinedSandbox } from "../sandbox/unconfined.ts";
import type { ParentTree } from "./survey.ts";

export type ScriptTurns = NonNullable<Script["builder"]>[number]["turns"];

const programs = {
  nodePath: process.execPath,
  toolHostPath: fileURLToPath(new URL("../sandbox/tool-host.ts", import.meta.url)),
};

export function openSandbox(): Sandbox {
  return createUnconfinedSandbox(programs);
}

/** `undefined` where this machine has none that works. */
export async function openConfinedSandbox(): Promise<Sandbox | undefined> {
  const probe = await probeSandbox({});
  return probe.ok ? createBubblewrapSandbox(programs) : undefined;
}

export interface TestRepository extends AsyncDisposable {
  /** The checkout. */
  readonly path: string;
  /** A temporary folder beside it. */
  readonly beside: string;
  readonly head: string;
  readonly tree: ParentTree;
}

export async function createRepository(files: Readonly<Record<string, string>>): Promise<TestRepository> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "agent-harness-test-")));
  const path = join(folder, "checkout");
  mkdirSync(path);
  const env = { PATH: "/usr/bin:/bin", HOME: folder, GIT_CONFIG_NOSYSTEM: "1" };
  const git = (...args: string[]) => execFileSync("git", ["-C", path, ...args], { encoding: "utf8", env });
  git("init", "-q");
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), text);
  }
  git("add", "-Af");
  git("-c", "user.name=t", "-c", "user.email=t@localhost", "commit", "-qm", "start");
  const listing = git("ls-tree", "-rz", "HEAD").split("\0").slice(0, -1);
  const tree = listing.map((line) => {
    const [, mode = "", sha = "", name = ""] = /^(\d+) \w+ ([0-9a-f]+)\t(.*)$/s.exec(line) ?? [];
    return [name, { mode, sha }] as const;
  });
  return {
    path,
    beside: folder,
    head: git("rev-parse", "HEAD").trim(),
    tree: new Map(tree),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

export interface ScriptedConversation extends AsyncDisposable {
  readonly model: Model;
  /** Bodies of the requests so far. */
  requests(): readonly unknown[];
  /** Where the conversation left its script. */
  mismatches(): readonly string[];
}

export async function playScript(script: Script): Promise<ScriptedConversation> {
  const server = await startScriptedModel({ script });
  const model = createAnthropicModel({
    apiKey: "test-key",
    baseURL: server.url,
    maxRetries: 1,
    brokenStreamPauseMs: 1,
  });
  return {
    model,
    requests: () => server.requests().map(({ body }) => body),
    mismatches: () => server.mismatches().map(({ message }) => message),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

export function createFrame(
  request: { title: string; body: string },
  base: string,
  spans: readonly string[],
): Frame {
  return frameSchema.parse({
    schema: 1,
    task: 1,
    kind: "bugfix",
    why: "the request names a defect",
    request: { ...request, sha256: requestSha256(request) },
    base,
    items: spans.map((span, index) => ({ id: `item-${index + 1}`, span, source: "request" })),
    uncovered: [],
    unknowns: [],
    protected: [".github/**"],
    budget: { tokens: 1_000_000, usd: 10, sessions: 5, minutes: 60 },
    stop: { noProgress: 3, sameFailure: 3, rejected: 3 },
    setup: null,
    test: "node --test",
    gates: [],
  });
}
