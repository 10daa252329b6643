// REST on who is there: the App and its installation tokens, the repository itself, users and their permission.
import { type Forge, readStore } from "./forge.ts";
import { isoSeconds } from "./git-commit.ts";
import { type ApiAnswer, ApiError, type ApiRequest, noContent, notFound, ok } from "./http.ts";
import { type Identity, tokenFrom } from "./identity.ts";
import { type JsonObject, objectAt } from "./json.ts";
import { need } from "./permissions.ts";
import { appOf } from "./present.ts";
import { type Route, route } from "./router.ts";

const anybody = need("read", "metadata:read");

export const appRoutes: readonly Route[] = [
  route("GET", "/", "open", async (forge) => ok({ current_user_url: `${forge.url}/user` })),
  route("GET", "/rate_limit", "open", async () => ok(RATE_LIMIT)),
  route("GET", "/meta", "open", async () => ok({ installed_version: "3.0.0" })),
  route("GET", "/app", "open", async (forge, { identity }) => {
    requireApp(identity);
    return ok(appOf(forge, forge.options.app.slug));
  }),
  route("GET", "/app/installations", "open", async (forge, { identity }) => {
    requireApp(identity);
    return ok([showInstallation(forge)]);
  }),
  route("GET", "/app/installations/:id", "open", async (forge, { identity, params }) => {
    requireApp(identity);
    requireInstallation(forge, params.id);
    return ok(showInstallation(forge));
  }),
  route("POST", "/app/installations/:id/access_tokens", "open", createInstallationToken),
  ...["~/installation", "/users/:login/installation", "/orgs/:login/installation"].map((path) =>
    route("GET", path, "open", async (forge, { identity, params }) => {
      requireApp(identity);
      if (params.login !== undefined && params.login.toLowerCase() !== forge.owner.toLowerCase())
        throw notFound();
      return ok(showInstallation(forge));
    }),
  ),
  route("DELETE", "/installation/token", "open", async (forge, request) => {
    forge.tokens.revoke(tokenFrom(request.headers.authorization) ?? "");
    return noContent;
  }),
  route("GET", "/installation/repositories", anybody, async (forge) => {
    return ok({
      total_count: 1,
      repository_selection: "selected",
      repositories: [await readStore(forge, "")],
    });
  }),
  route("GET", "/user", "open", async (forge, { identity }) => {
    if (identity.kind === "anonymous") throw new ApiError(401, "Requires authentication");
    if (identity.kind !== "user") throw new ApiError(403, "Resource not accessible by integration");
    return ok(forge.accounts.show(forge.accounts.get(identity.login)));
  }),
  route("GET", "/users/:login", "open", async (forge, { params }) => {
    const account = forge.accounts.find(params.login ?? "");
    if (!account) throw notFound();
    return ok({ ...forge.accounts.show(account), name: account.login, email: null });
  }),
  route("GET", "~", anybody, showRepository),
  route("GET", "~/collaborators/:login/permission", anybody, showPermission),
  route("GET", "~/collaborators", need("write", "metadata:read"), async (forge) => {
    const people = forge.accounts.all.filter(
      ({ role, type }) => type === "User" && role !== "none" && role !== "read",
    );
    return ok(people.map((account) => ({ ...forge.accounts.show(account), role_name: account.role })));
  }),
];

const RATE_LIMIT = {
  resources: { core: { limit: 5000, used: 0, remaining: 5000, reset: 4_000_000_000 } },
  rate: { limit: 5000, used: 0, remaining: 5000, reset: 4_000_000_000 },
};

function requireApp(identity: Identity): void {
  if (identity.kind !== "app") throw new ApiError(401, "A JSON web token could not be decoded");
}

function requireInstallation(forge: Forge, id: string | undefined): void {
  if (id !== String(forge.options.app.installationId)) throw notFound();
}

async function createInstallationToken(
  forge: Forge,
  { identity, params, body }: ApiRequest,
): Promise<ApiAnswer> {
  requireApp(identity);
  requireInstallation(forge, params.id);
  const granted = forge.options.app.permissions;
  const asked = objectAt(body, "permissions");
  const wanted = Object.keys(asked).length > 0 ? asked : { ...granted, metadata: "read" };
  const permissions: Record<string, string> = {};
  for (const [name, level] of Object.entries(wanted)) {
    const held = name === "metadata" ? "read" : granted[name];
    if (held === undefined || (level === "write" && held !== "write"))
      throw new ApiError(422, "The permissions requested are not granted to this installation.");
    permissions[name] = String(level);
  }
  const { token, expiresAt } = forge.tokens.mintInstallation(permissions);
  return ok({ token, expires_at: isoSeconds(expiresAt), permissions, repository_selection: "selected" }, 201);
}

function showInstallation(forge: Forge): JsonObject {
  const { app } = forge.options;
  const { permissions, events } = appOf(forge, app.slug);
  const account = forge.accounts.get(forge.owner);
  const base = `${forge.url}/app/installations/${app.installationId}`;
  return {
    id: app.installationId,
    account: forge.accounts.show(account),
    repository_selection: "selected",
    access_tokens_url: `${base}/access_tokens`,
    repositories_url: `${forge.url}/installation/repositories`,
    html_url: `${forge.url}/settings/installations/${app.installationId}`,
    app_id: app.id,
    app_slug: app.slug,
    target_id: account.id,
    target_type: account.type,
    permissions: permissions ?? {},
    events: events ?? [],
    created_at: "2026-01-01T00:00:00Z",
    updated_at: "2026-01-01T00:00:00Z",
    single_file_name: null,
    suspended_at: null,
    suspended_by: null,
  };
}

async function showRepository(forge: Forge, { identity }: ApiRequest): Promise<ApiAnswer> {
  const repository = await readStore(forge, "");
  if (identity.kind !== "user") delete repository.permissions;
  else {
    const rank = ["none", "read", "triage", "write", "maintain", "admin"].indexOf(identity.role);
    const names = ["pull", "triage", "push", "maintain", "admin"];
    repository.permissions = Object.fromEntries(names.map((name, index) => [name, rank > index]));
  }
  return ok(repository);
}

/** Everybody reads a public repository: who was given nothing has `read`, unless the set-up says `none`. */
async function showPermission(forge: Forge, { params }: ApiRequest): Promise<ApiAnswer> {
  const account = forge.accounts.find(params.login ?? "");
  if (!account) throw notFound();
  const role = account.type === "Bot" ? "read" : account.role;
  const user = { ...forge.accounts.show(account), role_name: role };
  return ok({ permission: role === "triage" ? "read" : role, role_name: role, user });
}
