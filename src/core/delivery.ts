// Webhook deliveries as GitHub makes them: the shape of each event that leads to something, by its name, and how deep its
// JSON may be. Where they come from, and whether they are GitHub's, is checked elsewhere.
import * as z from "zod";

/** The deepest of GitHub's own payloads has eight levels. */
const deepest = 64;

const id = z.number().int().positive();

const common = {
  repository: z.object({
    id,
    name: z.string().min(1).max(100),
    owner: z.object({ login: z.string().min(1).max(100) }),
    default_branch: z.string().min(1),
  }),
  installation: z.object({ id }),
  sender: z.object({ login: z.string(), id: z.number().int(), type: z.string() }),
};

const issue = z.object({
  id: z.number().int(),
  number: id,
  title: z.string(),
  body: z.string().nullish(),
  labels: z.array(z.object({ name: z.string() })).optional(),
});

const commitId = z.string().regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/);
const absent = z.undefined().optional();

/** What tells one event from another is required, and what belongs to another is refused. */
const shapes = {
  issues: z.object({ ...common, action: z.string(), issue, comment: absent, ref: absent }),
  issue_comment: z.object({
    ...common,
    action: z.string(),
    issue,
    comment: z.object({ id, body: z.string(), user: z.object({ login: z.string() }).nullable() }),
    ref: absent,
  }),
  push: z.object({
    ...common,
    ref: z.string().startsWith("refs/"),
    before: commitId,
    after: commitId,
    deleted: z.boolean(),
    commits: z.array(z.unknown()),
    action: absent,
    issue: absent,
  }),
  workflow_run: z.object({
    ...common,
    action: z.string(),
    workflow_run: z.object({ id, path: z.string(), status: z.string().nullable() }),
    issue: absent,
    ref: absent,
  }),
};

export interface Delivered {
  readonly owner: string;
  readonly name: string;
  readonly installation: number;
}

export type DeliveryCheck =
  | { readonly kind: "ours"; readonly delivered: Delivered }
  /** An event that nothing follows from. */
  | { readonly kind: "other" }
  | { readonly kind: "misshapen"; readonly what: string };

/** `event` is the name that came with the payload. */
export function checkDelivery(event: string, payload: unknown): DeliveryCheck {
  if (!isKnown(event)) return { kind: "other" };
  const parsed = shapes[event].safeParse(payload);
  if (!parsed.success) {
    const at = parsed.error.issues[0]?.path.join(".") ?? "";
    return { kind: "misshapen", what: `\`${at}\` is not as in \`${event}\`` };
  }
  const { repository, installation } = parsed.data;
  return {
    kind: "ours",
    delivered: { owner: repository.owner.login, name: repository.name, installation: installation.id },
  };
}

function isKnown(event: string): event is keyof typeof shapes {
  return Object.hasOwn(shapes, event);
}

const [quote, backslash, openBrace, closeBrace, openBracket, closeBracket] = Buffer.from('"\\{}[]');

/** Whether a JSON text is nested deeper than any of GitHub's. It is read byte by byte, so its depth costs nothing. */
export function isTooDeep(json: Uint8Array): boolean {
  let depth = 0;
  let isString = false;
  for (let at = 0; at < json.length; at += 1) {
    const byte = json[at];
    if (isString) {
      if (byte === backslash) at += 1;
      else if (byte === quote) isString = false;
    } else if (byte === quote) isString = true;
    else if (byte === openBrace || byte === openBracket) {
      depth += 1;
      if (depth > deepest) return true;
    } else if (byte === closeBrace || byte === closeBracket) depth -= 1;
  }
  return false;
}
