// From method and path to a route. Every route that is served stands in a table with the permission it needs.
import type { Forge } from "./forge.ts";
import { type ApiAnswer, ApiError, type ApiRequest, notFound } from "./http.ts";
import { authorize, type Need } from "./permissions.ts";

export interface Route {
  readonly method: string;
  readonly pattern: RegExp;
  /** `open` routes check the identity themselves. */
  readonly need: Need | "open" | ((forge: Forge, params: Readonly<Record<string, string>>) => Need);
  readonly handle: (forge: Forge, request: ApiRequest) => Promise<ApiAnswer>;
}

/** `:name` is one part of the path, `:name+` the rest of it; a path that starts with `~` is below the repository. */
export function route(method: string, path: string, needed: Route["need"], handle: Route["handle"]): Route {
  const whole = path.replace(/^~/, "/repos/:owner/:repo");
  const source = whole.replaceAll(".", "\\.").replace(/:(\w+)(\+?)/g, (_, name: string, rest: string) => {
    return rest ? `(?<${name}>.+)` : `(?<${name}>[^/]+)`;
  });
  return { method, pattern: new RegExp(`^${source}$`), need: needed, handle };
}

const GIT_DATABASE = /^\/repos\/[^/]+\/[^/]+\/git\//;

/** Answers one request. A path that no route serves is 501, so that nobody takes it for something that is not there. */
export async function dispatch(
  forge: Forge,
  routes: readonly Route[],
  request: Omit<ApiRequest, "params">,
): Promise<ApiAnswer> {
  for (const candidate of routes) {
    const match = candidate.method === request.method ? candidate.pattern.exec(request.path) : null;
    if (!match) continue;
    const params = Object.fromEntries(
      Object.entries(match.groups ?? {}).map(([name, value]) => [name, decodeURIComponent(value)]),
    );
    const wanted = typeof candidate.need === "function" ? candidate.need(forge, params) : candidate.need;
    if (wanted !== "open") authorize(request.identity, wanted);
    if (params.owner !== undefined && !sameRepository(forge, params)) throw notFound();
    const handle = () => candidate.handle(forge, { ...request, params });
    // Git's objects need no order, its refs have their own.
    return request.method === "GET" || GIT_DATABASE.test(request.path) ? handle() : forge.writing.run(handle);
  }
  const { method, path } = request;
  throw new ApiError(
    501,
    `The embedded GitHub does not serve ${method} ${path}: add a route in src/local/github.`,
  );
}

function sameRepository(forge: Forge, params: Readonly<Record<string, string>>): boolean {
  const asked = `${params.owner}/${params.repo}`.toLowerCase();
  return asked === `${forge.owner}/${forge.name}`.toLowerCase();
}
