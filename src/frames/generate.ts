// The frame of one task: everything in `frame.json`, from the request, its labels, the repository's files and the
// configuration. Pure; who writes it where is left to others.
import type { Config } from "../core/config.ts";
import type { FileChange } from "../core/facts.ts";
import { type Frame, framePath, requestSha256, requestText } from "../core/frame.ts";
import { findItems } from "../core/items.ts";
import { renderFrame } from "../render/frame.ts";
import { renderInitScript } from "../render/init-script.ts";
import { chooseKind } from "./choose-kind.ts";
import { frameKindOf } from "./index.ts";
import { limitsOf } from "./limits.ts";
import { findCommands, type RepositoryFacts } from "./repository.ts";
import type { Request } from "./types.ts";
import { findUnknowns } from "./unknowns.ts";

export interface FrameInput {
  /** The number. */
  readonly task: number;
  readonly request: Request;
  readonly labels: readonly string[];
  /** Commit id of the base. */
  readonly base: string;
  readonly repository: RepositoryFacts;
  readonly config: Config;
}

/** The same input gives the same frame, byte for byte. */
export function generateFrame(input: FrameInput): Frame {
  return explainFrame(input).frame;
}

/** The frame, and sentences that say why it looks so. */
export function explainFrame(input: FrameInput): { frame: Frame; why: string[] } {
  const { task, labels, base, repository, config } = input;
  const request = { title: input.request.title, body: input.request.body };
  const { kind, why } = chooseKind({ request, labels });
  const found = findItems(request);
  const commands = findCommands(repository);
  const test = config.test ?? commands.test;
  const limits = limitsOf(kind, config);
  const unknowns = findUnknowns({
    request,
    kind,
    itemCount: found.items.length,
    doneCount: found.done.length,
    hasTest: test !== null,
    sessions: limits.budget.sessions,
  });
  const frame: Frame = {
    schema: 1,
    task,
    kind: kind.name,
    why: `${why}; ${found.why}`,
    request: { ...request, sha256: requestSha256(request) },
    base,
    items: found.items,
    uncovered: found.uncovered,
    unknowns,
    protected: protectedPaths(request, config, kind.name),
    ...limits,
    setup: config.setup ?? commands.setup,
    test,
    gates: [...kind.gates],
  };
  const configured = (["setup", "test"] as const).filter((key) => config[key] !== undefined);
  const fromConfig = configured.map((key) => `\`${key}\` is the configuration's.`);
  const sentences = [`Kind: ${frame.kind} (${why}).`, `Items: ${found.why}.`, ...commands.why, ...fromConfig];
  return { frame, why: sentences };
}

/** What decides how agents and git themselves work here; no change touches it before a person agrees. */
const alwaysProtected = [
  ".github/**",
  ".harness/**",
  ".git/**",
  "**/.gitattributes",
  "**/.gitmodules",
  "**/CODEOWNERS",
] as const;

/** Instructions to agents: a change that planted some would steer later sessions. Free where the request names them. */
const agentFiles = ["AGENTS.md", "CLAUDE.md"] as const;

function protectedPaths(request: Request, config: Config, kind: Frame["kind"]): string[] {
  const text = requestText(request);
  const unnamed = agentFiles.filter((name) => !text.includes(name));
  const own = [...config.protected, ...(config.kinds[kind]?.protected ?? [])];
  return [...new Set([...alwaysProtected, ...unnamed.map((name) => `**/${name}`), ...own])];
}

/** The frame's files of the first commit, without the ledger. Throws an `Error` for a kind that has no frame. */
export function frameFiles(frame: Frame): (FileChange & { readonly text: string })[] {
  const kind = frameKindOf(frame.kind);
  if (kind === undefined) {
    throw new Error(
      `A kind with a frame was expected, \`${frame.kind}\` was found; add it to src/frames/index.ts.`,
    );
  }
  const folder = framePath(frame.task);
  return [
    { path: `${folder}/frame.json`, text: `${JSON.stringify(frame, null, 2)}\n` },
    { path: `${folder}/FRAME.md`, text: renderFrame(frame, kind) },
    { path: `${folder}/init.sh`, text: renderInitScript(frame), isExecutable: true },
  ];
}
