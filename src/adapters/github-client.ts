// The Octokit that the adapters share, and the few error answers they expect.
import type { Octokit } from "@octokit/rest";

export type GitHubClient = Pick<Octokit, "request" | "graphql">;

export interface RepositoryName {
  readonly owner: string;
  readonly name: string;
}

/** The HTTP status of an Octokit error; `undefined` for anything else. */
export function statusOf(error: unknown): number | undefined {
  if (typeof error !== "object" || error === null || !("status" in error)) return undefined;
  return typeof error.status === "number" ? error.status : undefined;
}

/** The value, or `undefined` where GitHub answers with one of these statuses. */
export async function unlessStatus<Value>(
  statuses: readonly number[],
  request: Promise<Value>,
): Promise<Value | undefined> {
  try {
    return await request;
  } catch (error) {
    const status = statusOf(error);
    if (status !== undefined && statuses.includes(status)) return undefined;
    throw error;
  }
}
