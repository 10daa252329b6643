// What a script may say. How it is read from YAML is in script-file.ts, how it is played in play.ts.
import * as z from "zod";
import { patternError } from "./pattern.ts";

const text = z.string({ error: "expected text" });
const count = z.int({ error: "expected a whole number" }).min(0, "expected 0 or more");
const times = z.union([count.min(1), z.literal("always")], {
  error: 'expected a number from 1 on, or "always"',
});

/** Text that must occur, or a regular expression as `/source/flags`. */
const pattern = text.min(1, "expected a text or a /regex/").superRefine((value, context) => {
  const problem = patternError(value);
  if (problem) context.addIssue({ code: "custom", message: `expected a regular expression: ${problem}` });
});
const patterns = z.union([pattern, z.array(pattern).min(1)], {
  error: "expected a text, a /regex/ or a list of them",
});

/** `{tool: input}`. An input that is text goes out as it stands: broken JSON, if the text is no JSON. */
const call = z
  .record(
    text,
    z.union([z.record(text, z.unknown()), z.string()], {
      error: "expected the tool's input: a mapping, or raw text",
    }),
    {
      error: "expected {tool: input}",
    },
  )
  .refine((value) => Object.keys(value).length === 1, "expected exactly one tool: {tool: input}");

const stopReason = z.enum(
  ["end_turn", "tool_use", "max_tokens", "refusal", "pause_turn", "model_context_window_exceeded"],
  {
    error: "expected end_turn, tool_use, max_tokens, refusal, pause_turn or model_context_window_exceeded",
  },
);

const turn = z.strictObject({
  /** For scripts that extend this one: a turn `{base: name}` stands for this one. */
  name: text.optional(),
  /**
   * Must occur in the newest user message or tool results, at the first turn in the system prompt or the first
   * message; else the server answers `script_mismatch`.
   */
  expect: patterns.optional(),
  /** From the same text: the first group, or the whole match. Used as `${name}`. */
  capture: z.record(text.regex(/^\w+$/, "expected a name of letters, digits and _"), pattern).optional(),
  say: text.optional(),
  call: z.array(call).min(1, "expected at least one call").optional(),
  /** Replaces computed figures. */
  usage: z
    .strictObject({
      inputTokens: count.optional(),
      outputTokens: count.optional(),
      cacheReadTokens: count.optional(),
      cacheWriteTokens: count.optional(),
    })
    .optional(),
  /** `max_tokens` cuts the last block in the middle. Always, unless `times` is given. */
  stop: z
    .union([stopReason, z.strictObject({ reason: stopReason, times })], {
      error: "expected a stop reason, or {reason, times}",
    })
    .optional(),
  /** Answered `times` times (1 by default) before the turn is played; `afterEvents` sends it inside the stream. */
  error: z
    .strictObject({
      status: z.int().min(400, "expected a status from 400 on").max(599, "expected a status up to 599"),
      type: text.optional(),
      message: text.optional(),
      /** Seconds. */
      retryAfter: z.number().min(0).optional(),
      times: times.optional(),
      afterEvents: count.optional(),
    })
    .optional(),
  /** The connection breaks after so many events (without streaming: in mid-body), `times` times, 1 by default. */
  cut: z
    .union([count, z.strictObject({ afterEvents: count, times })], {
      error: "expected a number of events, or {afterEvents, times}",
    })
    .optional(),
  delayMs: count.optional(),
});

const conversation = z.strictObject({
  /** Must occur in the system prompt or the first user message. Without it: by order of first sight. */
  when: patterns.optional(),
  turns: z.array(turn),
});

const conversations = z
  .array(conversation, { error: "expected a list of conversations" })
  .min(1, "expected at least one conversation");

const scriptSchema = z.strictObject({
  /** The models that are served; any other is answered 404. Without it every name is served. */
  model: z
    .union([text, z.array(text).min(1)], { error: "expected a model's name or a list of them" })
    .optional(),
  author: conversations.optional(),
  builder: conversations.optional(),
  verifier: conversations.optional(),
  other: conversations.optional(),
});

export type Script = z.input<typeof scriptSchema>;
export type Conversation = z.output<typeof conversation>;
export type Turn = z.output<typeof turn>;
export type Role = "author" | "builder" | "verifier" | "other";

/** Every problem of one script at once. */
export class ScriptError extends Error {
  readonly problems: readonly string[];

  constructor(name: string, problems: readonly string[], options?: ErrorOptions) {
    super(
      `The script ${name} cannot be played:\n${problems.map((problem) => `  ${problem}`).join("\n")}`,
      options,
    );
    this.name = "ScriptError";
    this.problems = problems;
  }
}

/** Checks a script that is already a value; `name` is for the error. */
export function parseScript(value: unknown, name = "given"): Script {
  const parsed = scriptSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new ScriptError(
    name,
    parsed.error.issues.map((issue) => describe(issue, value)),
  );
}

function describe(issue: z.core.$ZodIssue, root: unknown): string {
  const path = issue.path.join(".") || "(top)";
  if (issue.code === "unrecognized_keys") {
    return `${path}: expected only known keys, found ${issue.keys.map((key) => `\`${key}\``).join(", ")}; remove or rename`;
  }
  let found: unknown = root;
  for (const key of issue.path)
    found = typeof found === "object" && found !== null ? Reflect.get(found, key) : undefined;
  return `${path}: ${issue.message}, found ${(JSON.stringify(found) ?? "nothing").slice(0, 80)}`;
}
