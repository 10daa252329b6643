// What GraphQL resolvers share: who asks, permission checks, and connections with GitHub's paging.
import { GraphQLError } from "graphql";
import type { Forge } from "./forge.ts";
import { ApiError } from "./http.ts";
import type { Identity } from "./identity.ts";
import { authorize, type Need } from "./permissions.ts";

export interface GraphqlContext {
  readonly forge: Forge;
  readonly identity: Identity;
}

/** An object's fields: values, or functions of arguments and context. */
export type Fields = Readonly<Record<string, unknown>>;
export type Arguments = Readonly<Record<string, unknown>>;

export function problem(type: string, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { type } });
}

export function allow(context: GraphqlContext, wanted: Need): void {
  try {
    authorize(context.identity, wanted);
  } catch (error) {
    if (error instanceof ApiError)
      throw problem(error.status === 404 ? "NOT_FOUND" : "FORBIDDEN", error.message);
    throw error;
  }
}

/** Arguments that no resolver looks at are an error: their effect would be missing without a word. */
export function onlyArguments(place: string, given: Arguments, known: readonly string[]): void {
  for (const [name, value] of Object.entries(given)) {
    if (value !== undefined && value !== null && !known.includes(name))
      throw new Error(`The embedded GitHub does not resolve the argument \`${name}\` of ${place}.`);
  }
}

export const PAGING = ["first", "last", "after", "before"] as const;

/** A page of `items`, which are in the connection's order. GitHub refuses a page without `first` or `last`. */
export function connection(name: string, items: readonly Fields[], given: Arguments): Fields {
  const first = typeof given.first === "number" ? given.first : undefined;
  const last = typeof given.last === "number" ? given.last : undefined;
  if (first === undefined && last === undefined)
    throw problem(
      "MISSING_PAGINATION_BOUNDARIES",
      `You must provide a \`first\` or \`last\` value to properly paginate the \`${name}\` connection.`,
    );
  if ((first ?? last ?? 0) > 100)
    throw problem(
      "EXCESSIVE_PAGINATION",
      `Requesting ${first ?? last} records on the \`${name}\` connection exceeds the \`first\` limit of 100 records.`,
    );
  let from = given.after === undefined || given.after === null ? 0 : indexOf(given.after) + 1;
  let to = given.before === undefined || given.before === null ? items.length : indexOf(given.before);
  if (first !== undefined) to = Math.min(to, from + first);
  if (last !== undefined) from = Math.max(from, to - last);
  const nodes = items.slice(from, to);
  return {
    totalCount: items.length,
    nodes,
    edges: nodes.map((node, index) => ({ node, cursor: cursorOf(from + index) })),
    pageInfo: {
      hasNextPage: to < items.length,
      hasPreviousPage: from > 0,
      startCursor: nodes.length > 0 ? cursorOf(from) : null,
      endCursor: nodes.length > 0 ? cursorOf(to - 1) : null,
    },
  };
}

const cursorOf = (index: number) => Buffer.from(`cursor:${index}`).toString("base64");

function indexOf(cursor: unknown): number {
  const match = /^cursor:(\d+)$/.exec(Buffer.from(String(cursor), "base64").toString("utf8"));
  if (!match)
    throw problem("INVALID_CURSOR_ARGUMENTS", `\`${String(cursor)}\` does not appear to be a valid cursor.`);
  return Number(match[1]);
}
