// Reads the body of a Messages API request and refuses what the real service refuses, in its words where they are
// known. Rules that need more than one field are in request-rules.ts.
import * as z from "zod";
import { ApiError } from "./api-error.ts";
import { checkRules } from "./request-rules.ts";

export interface Block {
  readonly type: string;
  readonly [key: string]: unknown;
}

export interface Message {
  readonly role: "user" | "assistant" | "system";
  readonly content: readonly Block[];
}

export interface ModelRequest {
  readonly model: string;
  /** 0 for a token count, which has no such field. */
  readonly maxTokens: number;
  readonly stream: boolean;
  readonly tools: readonly Readonly<Record<string, unknown>>[];
  readonly system: readonly Block[];
  readonly messages: readonly Message[];
  /** What else changes the prompt behind the tools and the system prompt: a change of it misses the cached messages. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** The request's own `cache_control`: a breakpoint on the last block. */
  readonly cacheControl: unknown;
}

const record = z.record(z.string(), z.unknown());
const blockSchema = z.looseObject({ type: z.string() });
const contentSchema = z.union([z.string(), z.array(blockSchema)]);

const messageSchema = z.looseObject({
  role: z.enum(["user", "assistant", "system"]),
  content: contentSchema.optional(),
});

const toolSchema = z.looseObject({
  type: z.string().nullish(),
  name: z
    .string()
    .regex(/^[a-zA-Z0-9_-]{1,128}$/)
    .optional(),
  input_schema: z.looseObject({ type: z.literal("object") }).optional(),
});

const countSchema = z.strictObject({
  model: z.string().min(1),
  messages: z.array(messageSchema),
  system: contentSchema.optional(),
  tools: z.array(toolSchema).optional(),
  tool_choice: z.looseObject({ type: z.enum(["auto", "any", "tool", "none"]) }).optional(),
  thinking: record.optional(),
  cache_control: record.nullish(),
  output_config: record.optional(),
  output_format: record.nullish(),
  context_management: record.nullish(),
  mcp_servers: z.array(record).optional(),
  speed: z.string().nullish(),
});

const createSchema = countSchema.extend({
  max_tokens: z.int().min(0),
  stream: z.boolean().optional(),
  temperature: z.number().min(0).max(1).optional(),
  top_p: z.number().min(0).max(1).optional(),
  top_k: z.int().min(0).optional(),
  stop_sequences: z.array(z.string()).optional(),
  metadata: record.optional(),
  service_tier: z.enum(["auto", "standard_only"]).optional(),
  container: z.unknown().optional(),
  diagnostics: z.unknown().optional(),
  fallbacks: z.unknown().optional(),
  inference_geo: z.string().nullish(),
  user_profile_id: z.string().nullish(),
  workspace_id: z.string().nullish(),
});

type Body = z.output<typeof countSchema> & Partial<z.output<typeof createSchema>>;

/** Throws an `ApiError` 400 that says which field is wrong. */
export function parseRequest(body: unknown, kind: "create" | "count"): ModelRequest {
  const parsed = (kind === "create" ? createSchema : countSchema).safeParse(body);
  if (!parsed.success) throw new ApiError(400, firstIssue(parsed.error, body));
  const request = normalise(parsed.data);
  checkRules(request);
  return request;
}

/** Text is the short form of one text block, and counts and caches as that. */
function normalise(body: Body): ModelRequest {
  return {
    model: body.model,
    maxTokens: body.max_tokens ?? 0,
    stream: body.stream ?? false,
    tools: body.tools ?? [],
    system: blocks(body.system),
    messages: body.messages.map(({ role, content }) => ({ role, content: blocks(content) })),
    settings: { tool_choice: body.tool_choice, thinking: body.thinking },
    cacheControl: body.cache_control ?? undefined,
  };
}

function blocks(content: string | Block[] | undefined): readonly Block[] {
  return typeof content === "string" ? [{ type: "text", text: content }] : (content ?? []);
}

function firstIssue(error: z.ZodError, body: unknown): string {
  const issue = error.issues[0];
  if (!issue) return "The request body could not be read";
  const path = issue.path.join(".");
  const at = path === "" ? "" : `${path}: `;
  if (issue.code === "unrecognized_keys") return `${at}${issue.keys[0]}: Extra inputs are not permitted`;
  if (issue.path.at(-1) === "role") return `${at}Input should be 'user' or 'assistant'`;
  if (isMissing(body, issue.path)) return `${at}Field required`;
  return `${at}${issue.message}`;
}

function isMissing(body: unknown, path: readonly PropertyKey[]): boolean {
  let value: unknown = body;
  for (const key of path) {
    if (typeof value !== "object" || value === null) return false;
    value = Reflect.get(value, key);
  }
  return value === undefined;
}
