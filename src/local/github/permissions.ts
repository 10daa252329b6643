// What a route asks for, and whether an identity has it. GitHub's page "Permissions required for GitHub Apps" is the source.
import type { Role } from "./accounts.ts";
import { ApiError, notFound } from "./http.ts";
import type { Identity } from "./identity.ts";

export type Level = "read" | "write";
export type Grant =
  `${"actions" | "checks" | "contents" | "issues" | "metadata" | "pull_requests" | "statuses"}:${Level}`;

export interface Need {
  /** A token needs all grants of one of these. Empty: no such token may. */
  readonly anyOf: readonly (readonly Grant[])[];
  /** The least a user must be. */
  readonly role: Exclude<Role, "none">;
}

export const need = (role: Need["role"], ...anyOf: (Grant | readonly Grant[])[]): Need => ({
  role,
  anyOf: anyOf.map((grants) => (typeof grants === "string" ? [grants] : grants)),
});

const ROLES: readonly Role[] = ["none", "read", "triage", "write", "admin"];

function holds(permissions: Readonly<Record<string, string>>, grant: Grant): boolean {
  const [name = "", level] = grant.split(":");
  const held = permissions[name];
  return held === "write" || (held === "read" && level === "read");
}

/** Throws GitHub's 401, 403 or 404 where `identity` may not do what `wanted` describes. */
export function authorize(identity: Identity, wanted: Need): void {
  switch (identity.kind) {
    case "anonymous":
      throw new ApiError(401, "Requires authentication");
    case "app":
      throw new ApiError(403, "Resource not accessible by integration");
    case "user":
      if (identity.role === "none") throw notFound();
      if (ROLES.indexOf(identity.role) < ROLES.indexOf(wanted.role))
        throw new ApiError(403, `Must have ${wanted.role} access to Repository.`);
      return;
    default:
      if (!wanted.anyOf.some((grants) => grants.every((grant) => holds(identity.permissions, grant))))
        throw new ApiError(403, "Resource not accessible by integration");
  }
}
