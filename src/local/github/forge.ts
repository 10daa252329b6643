// One embedded GitHub: the parts that routes work with, and the ways through which all of them read, write and tell.
import type { EmbeddedActions } from "../types.ts";
import type { Accounts } from "./accounts.ts";
import { Background } from "./background.ts";
import type { Git } from "./git.ts";
import type { Identity, TokenRegistry } from "./identity.ts";
import type { Journal, JournalEntry } from "./journal.ts";
import { isObject, type Json, type JsonObject } from "./json.ts";
import type { Marks } from "./marks.ts";
import { Mutex } from "./mutex.ts";
import type { EmbeddedGitHubOptions } from "./options.ts";
import { present } from "./present.ts";
import type { PullIndex } from "./pull-index.ts";
import type { Refs } from "./refs.ts";
import type { Store } from "./store.ts";
import type { Webhooks } from "./webhooks.ts";

export interface ForgeParts {
  readonly url: string;
  readonly options: EmbeddedGitHubOptions;
  readonly accounts: Accounts;
  readonly tokens: TokenRegistry;
  readonly journal: Journal;
  readonly store: Store;
  readonly git: Git;
  readonly refs: Refs;
  readonly pulls: PullIndex;
  readonly marks: Marks;
  readonly webhooks: Webhooks;
}

export interface Forge extends ForgeParts {
  readonly owner: string;
  readonly name: string;
  /** `/repos/<owner>/<name>`: the start of every path in the store. */
  readonly repoPath: string;
  readonly background: Background;
  /** Requests that look before they write run one at a time: of two that open the same pull request one must lose. */
  readonly writing: Mutex;
  actions: EmbeddedActions | undefined;
}

export function createForge(parts: ForgeParts): Forge {
  const { owner, name } = parts.options.repository;
  return {
    ...parts,
    owner,
    name,
    repoPath: `/repos/${owner}/${name}`,
    background: new Background(),
    writing: new Mutex(),
    actions: undefined,
  };
}

/** Reads below the repository as GitHub would show it. Throws `ApiError` as the store does. */
export async function readStore(forge: Forge, path: string): Promise<JsonObject> {
  const { data } = await forge.store.read(`${forge.repoPath}${path}`, forge.owner);
  const shown = await present(forge, data);
  return isObject(shown) ? shown : {};
}

/** All items of a list below the repository, over its pages. `path` has no query. */
export async function readList(forge: Forge, path: string, query = ""): Promise<Json[]> {
  const items: Json[] = [];
  for (let page = 1; ; page += 1) {
    const address = `${forge.repoPath}${path}?per_page=100&page=${page}${query}`;
    const { data } = await forge.store.read(address, forge.owner);
    const list = Array.isArray(data) ? data : [];
    items.push(...list);
    if (list.length < 100) return listOf(await present(forge, items));
  }
}

const listOf = (value: Json): Json[] => (Array.isArray(value) ? value : []);

/** Writes below the repository as `identity`, journal included, and shows the answer as GitHub would. */
export async function writeStore(
  forge: Forge,
  identity: Identity,
  call: { method: string; path: string; body?: JsonObject },
): Promise<Json> {
  const at = Date.now();
  const body = call.body ?? {};
  const { login } = identity;
  const path = `${forge.repoPath}${call.path}`;
  const entry: JournalEntry = { kind: "store", at, login, method: call.method, path: call.path, body };
  const { data } = await forge.store.mutate({ method: call.method, path, login, body }, at, () => {
    forge.journal.append(entry);
  });
  forge.pulls.note(data);
  return present(forge, data);
}

/** Keeps something that is ours alone. */
export function record(forge: Forge, entry: JournalEntry): void {
  forge.journal.append(entry);
  forge.marks.apply(entry);
}

/** Tells the App. Called before the request that caused it is answered, so that the payload shows this moment. */
export async function emit(
  forge: Forge,
  event: string,
  identity: Identity,
  payload: JsonObject,
): Promise<void> {
  if (forge.options.app.webhookUrl === "") return;
  const { repository, ...rest } = await eventPayload(forge, identity, payload);
  const installationId = forge.options.app.installationId;
  forge.webhooks.send(event, {
    ...rest,
    repository: { ...repository, ...(event === "push" ? pushRepository(repository, forge) : {}) },
    installation: {
      id: installationId,
      node_id: Buffer.from(`123:IntegrationInstallation${installationId}`).toString("base64"),
    },
  });
}

/** What webhooks and workflow runs are told alike: the event with its repository and its sender. */
export async function eventPayload(forge: Forge, identity: Identity, payload: JsonObject) {
  const repository = await readStore(forge, "");
  delete repository.permissions;
  delete repository.network_count;
  const sender = forge.accounts.show(forge.accounts.get(identity.login));
  return { ...payload, repository, sender };
}

/** In `push` alone GitHub still shows a repository in its oldest form. */
function pushRepository(repository: JsonObject, forge: Forge): JsonObject {
  const account = forge.accounts.get(forge.owner);
  const seconds = (key: string) => Math.floor(Date.parse(String(repository[key])) / 1000);
  return {
    created_at: seconds("created_at"),
    pushed_at: Math.floor(Date.now() / 1000),
    url: `${forge.url}/${forge.owner}/${forge.name}`,
    stargazers: 0,
    master_branch: forge.options.repository.defaultBranch,
    owner: { ...forge.accounts.show(account), name: account.login, email: forge.accounts.email(account) },
  };
}
