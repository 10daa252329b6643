// The job's token permissions out of `permissions:` at the job or at the top of the workflow.
import { isMapping } from "@actions/workflow-parser";
import type { TemplateToken } from "@actions/workflow-parser/templates/tokens/template-token";
import type { JobPermissions } from "../types.ts";

/** https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#permissions */
const SCOPES = [
  "actions",
  "attestations",
  "checks",
  "contents",
  "deployments",
  "discussions",
  "issues",
  "packages",
  "pages",
  "pull-requests",
  "repository-projects",
  "security-events",
  "statuses",
];
/** GitHub's restricted default, for a workflow that says nothing. */
const UNSAID: JobPermissions = { contents: "read", packages: "read" };

function level(name: string, text: string): "read" | "write" | "none" {
  if (text === "read" || text === "write" || text === "none") return text;
  throw new Error(`\`permissions.${name}\`: expected read, write or none, found ${text}.`);
}

/** The job's own block replaces the workflow's as a whole; what a block does not name is `none`, and left out. */
export function jobPermissions(
  workflow: TemplateToken | undefined,
  job: TemplateToken | undefined,
): JobPermissions {
  const token = job ?? workflow;
  if (!token) return UNSAID;
  if (isMapping(token)) {
    return Object.fromEntries(
      [...token].map(({ key, value }) => [key.toString(), level(key.toString(), value.toString())]),
    );
  }
  const shorthand = "value" in token ? String(token.value) : "";
  if (shorthand === "read-all") return Object.fromEntries(SCOPES.map((scope) => [scope, "read"]));
  if (shorthand === "write-all")
    return Object.fromEntries([...SCOPES, "id-token"].map((scope) => [scope, "write"]));
  if (shorthand === "") return {};
  throw new Error(`\`permissions\`: expected a mapping, read-all or write-all, found ${shorthand}.`);
}
