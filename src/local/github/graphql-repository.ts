// The repository in GraphQL, its issues and pull requests: the store's rows under GraphQL's names.
import { type Forge, readList, readStore } from "./forge.ts";
import {
  type Arguments,
  allow,
  connection,
  type Fields,
  type GraphqlContext,
  onlyArguments,
  PAGING,
  problem,
} from "./graphql-context.ts";
import { gitObject, refObject } from "./graphql-git.ts";
import { issueObject, pullObject } from "./graphql-issues.ts";
import { actorObject } from "./graphql-people.ts";
import { ApiError } from "./http.ts";
import type { JsonObject } from "./json.ts";
import { isObject } from "./json.ts";
import { need } from "./permissions.ts";

export function viewerObject(_: Arguments, { forge, identity }: GraphqlContext): Fields | null {
  return actorObject(forge, { login: identity.login });
}

export async function repositoryObject(given: Arguments, context: GraphqlContext): Promise<Fields> {
  const { forge } = context;
  const asked = `${String(given.owner)}/${String(given.name)}`;
  const missing = () => problem("NOT_FOUND", `Could not resolve to a Repository with the name '${asked}'.`);
  if (asked.toLowerCase() !== `${forge.owner}/${forge.name}`.toLowerCase()) throw missing();
  if (context.identity.kind === "user" && context.identity.role === "none") throw missing();
  const repository = await readStore(forge, "");
  return {
    __typename: "Repository",
    id: repository.node_id,
    databaseId: repository.id,
    name: forge.name,
    nameWithOwner: `${forge.owner}/${forge.name}`,
    owner: actorObject(forge, { login: forge.owner }),
    url: repository.html_url,
    isArchived: repository.archived === true,
    isPrivate: repository.private === true,
    isFork: false,
    ...contentFields(context),
    issue: ({ number }: Arguments) => oneIssue(context, Number(number)),
    pullRequest: ({ number }: Arguments) => onePull(context, Number(number)),
    pullRequests: (inner: Arguments) => listPulls(context, inner),
    label: async ({ name }: Arguments) => {
      const labels = await readList(forge, "/labels");
      const label = labels.filter(isObject).find((one) => one.name === name);
      return label ? { __typename: "Label", id: label.node_id, name, color: label.color } : null;
    },
  };
}

/** What needs the right to read contents. */
function contentFields(context: GraphqlContext): Fields {
  const { forge } = context;
  const contents = <T>(work: (given: Arguments) => Promise<T>) => {
    return (given: Arguments) => {
      allow(context, need("read", "contents:read"));
      return work(given);
    };
  };
  return {
    defaultBranchRef: contents(() =>
      refObject(forge, `refs/heads/${forge.options.repository.defaultBranch}`),
    ),
    ref: contents((given) => refObject(forge, String(given.qualifiedName))),
    object: contents((given) => {
      const expression = String(given.expression ?? given.oid);
      const colon = expression.indexOf(":");
      return gitObject(forge, expression, colon < 0 ? "" : expression.slice(colon + 1).replace(/\/$/, ""));
    }),
  };
}

async function oneIssue(context: GraphqlContext, number: number): Promise<Fields> {
  allow(context, need("read", "issues:read"));
  const missing = () => problem("NOT_FOUND", `Could not resolve to an Issue with the number of ${number}.`);
  if (context.forge.pulls.get(number) || context.forge.marks.isAway(number)) throw missing();
  return issueObject(context, await orMissing(readStore(context.forge, `/issues/${number}`), missing));
}

async function onePull(context: GraphqlContext, number: number): Promise<Fields> {
  allow(context, need("read", "pull_requests:read"));
  const missing = () =>
    problem("NOT_FOUND", `Could not resolve to a PullRequest with the number of ${number}.`);
  return pullObject(context, await orMissing(readStore(context.forge, `/pulls/${number}`), missing));
}

async function orMissing(work: Promise<JsonObject>, missing: () => Error): Promise<JsonObject> {
  try {
    return await work;
  } catch (error) {
    throw error instanceof ApiError && error.status === 404 ? missing() : error;
  }
}

async function listPulls(context: GraphqlContext, given: Arguments): Promise<Fields> {
  allow(context, need("read", "pull_requests:read"));
  onlyArguments("Repository.pullRequests", given, [
    ...PAGING,
    "headRefName",
    "baseRefName",
    "states",
    "orderBy",
  ]);
  const rows = (await listRows(context.forge)).sort((a, b) => Number(a.number) - Number(b.number));
  const order = given.orderBy;
  if (isObject(order) && order.direction === "DESC") rows.reverse();
  const pulls = rows
    .map((row) => pullObject(context, row))
    .filter((pull) => {
      const states = Array.isArray(given.states) ? given.states : undefined;
      const wanted = (key: string) =>
        given[key] === undefined || given[key] === null || pull[key] === given[key];
      return wanted("headRefName") && wanted("baseRefName") && (!states || states.includes(pull.state));
    });
  return connection("pullRequests", pulls, given);
}

async function listRows(forge: Forge): Promise<JsonObject[]> {
  return (await readList(forge, "/pulls", "&state=all")).filter(isObject);
}
