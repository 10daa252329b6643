// `.github/agent-harness.yml`: its schema, its defaults, and every mistake at once with its line.
import { isMap, isPair, isScalar, LineCounter, parseDocument } from "yaml";
import * as z from "zod";
import { budgetSchema, commandSchema, kinds, stopSchema } from "./frame.ts";
import { isForgeHost, parseAllowedHost } from "./hosts.ts";
import { Problem } from "./problem.ts";

const modelName = z.string().min(1);

const hosts = z
  .array(
    z.string().refine((entry) => {
      const parsed = parseAllowedHost(entry);
      return parsed !== undefined && !isForgeHost(parsed.host);
    }, "expected `host` or `host:port` with an exact name; no wildcard, no address, none of GitHub's own hosts"),
  )
  .default([]);

const kindOverride = z.strictObject({
  budget: budgetSchema.partial().optional(),
  stop: stopSchema.partial().optional(),
  protected: z.array(z.string()).optional(),
});

export const configSchema = z.strictObject({
  label: z.string().min(1).default("agent:harness").describe("The label that hands an issue to the harness."),
  pen: z
    .enum(["workflow", "app"])
    .default("workflow")
    .describe("Who writes on GitHub: jobs of the workflow, or a hosted App."),
  models: z
    .strictObject({
      author: modelName.default("claude-opus-5-5").describe("Writes the checks from the request."),
      work: modelName.default("claude-sonnet-5-5").describe("Changes the code."),
      verify: modelName.default("claude-opus-5-5").describe("The verifier's own conversation."),
      second: z.array(modelName).default([]).describe("Models asked for a second opinion."),
    })
    .prefault({}),
  budget: z
    .strictObject({
      tokens: budgetSchema.shape.tokens
        .default(2_000_000)
        .describe("Over all runs; cache reads are left out."),
      usd: budgetSchema.shape.usd
        .default(20)
        .describe("Over all runs, cache reads counted; null for no limit."),
      sessions: budgetSchema.shape.sessions.default(12).describe("Builder sessions at most."),
      minutes: budgetSchema.shape.minutes
        .default(240)
        .describe("Minutes of sessions and verification in all."),
      runsPerDay: z
        .number()
        .int()
        .positive()
        .default(24)
        .describe("Runs of one task in any 24 hours, as the default branch says now."),
      commentsPerHour: z
        .number()
        .int()
        .positive()
        .default(20)
        .describe("New comments on one task in any hour; the ledger comment is edited beyond it too."),
    })
    .prefault({}),
  stop: z
    .strictObject({
      noProgress: stopSchema.shape.noProgress.default(3).describe("Sessions without a newly passed item."),
      sameFailure: stopSchema.shape.sameFailure.default(3).describe("Times one failure may occur."),
      rejected: stopSchema.shape.rejected.default(3).describe("Failed verdicts on one item."),
    })
    .prefault({}),
  session: z
    .strictObject({
      minutes: z.number().positive().max(350).default(40).describe("Deadline of one session."),
      contextShare: z
        .number()
        .min(0.05)
        .max(1)
        .default(0.6)
        .describe("Share of the model's window at which the session hands over."),
      contextTokens: z.number().int().positive().default(200_000).describe("The model's window."),
    })
    .prefault({}),
  verify: z
    .strictObject({
      unreachedShare: z
        .number()
        .min(0)
        .max(1)
        .default(0.5)
        .describe("Share of the change's lines of code that no check has to reach; 1 for no limit."),
      files: z.number().int().positive().default(200).describe("Files that one change may touch."),
      lines: z.number().int().positive().default(2000).describe("Lines that one change may add."),
      mutationSeconds: z
        .number()
        .positive()
        .default(120)
        .describe("Seconds at most for trying mutants of the change."),
      repeatSeconds: z
        .number()
        .min(0)
        .default(3)
        .describe("Seconds at most for running checks again, which finds the flaky ones."),
      testMinutes: z
        .number()
        .positive()
        .max(350)
        .default(20)
        .describe("Deadline of one run of the repository's tests."),
    })
    .prefault({}),
  setup: commandSchema.optional().describe("Prepares a fresh checkout; found in the repository by default."),
  test: commandSchema.optional().describe("Runs the repository's tests; found in the repository by default."),
  protected: z.array(z.string()).default([]).describe("More paths that no change may touch, as globs."),
  network: z
    .strictObject({
      allow: hosts.describe(
        "Hosts the session may reach: `host` or `host:port`, exact names, none of the forge's own.",
      ),
      setup: hosts.describe(
        "Hosts that set-up may reach besides those of the project's own package clients.",
      ),
    })
    .prefault({}),
  minimumPermission: z
    .enum(["write", "maintain", "admin"])
    .default("write")
    .describe("What a person needs to label and to command."),
  frame: z
    .strictObject({
      keep: z.enum(["archive", "branch"]).default("archive").describe("Where the frame goes at ready."),
    })
    .prefault({}),
  kinds: z
    .partialRecord(z.enum(kinds), kindOverride)
    .prefault({})
    .describe("Other figures for one kind of task."),
});
export type Config = z.infer<typeof configSchema>;

/** What the gates hold a change to. */
export type VerifyLimits = Config["verify"];
export const defaultLimits: VerifyLimits = configSchema.parse({}).verify;

export const configPath = ".github/agent-harness.yml";

export interface ConfigMistake {
  /** From 1. */
  readonly line: number;
  readonly message: string;
}

/** The configuration, or every mistake in it. An empty text is all defaults. */
export function parseConfig(text: string): { config: Config } | { mistakes: ConfigMistake[] } {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false });
  const lineAt = (offset: number) => lineCounter.linePos(offset).line;
  if (document.errors.length > 0) {
    // What is never closed is found at the end of the text, below its last line.
    const end = text.trimEnd().length;
    return {
      mistakes: document.errors.map(({ pos, message }) => ({ line: lineAt(Math.min(pos[0], end)), message })),
    };
  }
  const parsed = configSchema.safeParse(document.toJS() ?? {});
  if (parsed.success) return { config: parsed.data };
  const mistakes = parsed.error.issues.flatMap((issue) => {
    const unknown = issue.code === "unrecognized_keys" ? issue.keys : [undefined];
    return unknown.map((key) => {
      const path = key === undefined ? issue.path : [...issue.path, key];
      return {
        line: lineAt(offsetOf(document.contents, path)),
        message: key === undefined ? describe(issue) : `\`${path.join(".")}\` is not a known key`,
      };
    });
  });
  return { mistakes: mistakes.sort((a, b) => a.line - b.line) };
}

/** As `parseConfig`, but throws `configuration-invalid` that lists all mistakes. */
export function requireConfig(text: string): Config {
  const result = parseConfig(text);
  if ("config" in result) return result.config;
  throw new Problem("configuration-invalid", {
    count: result.mistakes.length,
    mistakes: result.mistakes.map(({ line, message }) => `line ${line}: ${message}`).join("\n"),
  });
}

function describe(issue: z.core.$ZodIssue): string {
  const where = issue.path.length === 0 ? "the file" : `\`${issue.path.join(".")}\``;
  return `${where}: ${issue.message}`;
}

/** Where the value at `path`, or the deepest part of the path that exists, stands in the text. */
function offsetOf(root: unknown, path: readonly PropertyKey[]): number {
  let node = root;
  let offset = 0;
  for (const key of path) {
    if (!isMap(node)) break;
    const pair = node.items.find((item) => isPair(item) && isScalar(item.key) && item.key.value === key);
    if (!pair || !isScalar(pair.key)) break;
    offset = pair.key.range?.[0] ?? offset;
    node = pair.value;
  }
  return offset;
}
