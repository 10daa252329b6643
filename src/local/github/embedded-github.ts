// Starts and stops one embedded GitHub: puts the parts together and replays the journal into them.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { Accounts } from "./accounts.ts";
import { emitActions } from "./actions-events.ts";
import { createForge, type Forge, readList, record } from "./forge.ts";
import { openGit } from "./git.ts";
import { githubSchema } from "./graphql.ts";
import { type Identity, TokenRegistry } from "./identity.ts";
import { openJournal } from "./journal.ts";
import { numberAt } from "./json.ts";
import { Marks } from "./marks.ts";
import type { EmbeddedGitHub, EmbeddedGitHubOptions, SeenRequest } from "./options.ts";
import { PullIndex } from "./pull-index.ts";
import { followRef } from "./ref-events.ts";
import { Refs } from "./refs.ts";
import { openIssue } from "./routes-issues.ts";
import { listen } from "./server.ts";
import { startStore } from "./store.ts";
import { Webhooks } from "./webhooks.ts";
import { installHook } from "./workflow-guard.ts";

/** Starts again where a former one with the same `dir` ended, however it ended. One process per `dir`. */
export async function startEmbeddedGitHub(options: EmbeddedGitHubOptions): Promise<EmbeddedGitHub> {
  mkdirSync(options.dir, { recursive: true });
  const seen: SeenRequest[] = [];
  const { promise, resolve } = Promise.withResolvers<Forge>();
  const { server, url } = await listen(options.port ?? 0, promise, seen);
  try {
    const forge = await buildForge(options, url);
    resolve(forge);
    return surface(forge, seen, async () => {
      await forge.webhooks[Symbol.asyncDispose]();
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
      await Promise.all([forge.store[Symbol.asyncDispose](), forge.git[Symbol.asyncDispose]()]);
      forge.journal[Symbol.dispose]();
    });
  } catch (error) {
    server.close();
    throw error;
  }
}

async function buildForge(options: EmbeddedGitHubOptions, url: string): Promise<Forge> {
  const { owner, name, defaultBranch } = options.repository;
  const users = options.users.map(({ login, permission }) => ({ login, permission }));
  const accounts = new Accounts({ url, owner, slug: options.app.slug, users });
  const logins = accounts.all.map(({ login }) => login);
  const journal = openJournal(join(options.dir, "journal.jsonl"));
  const starting = Promise.all([
    openGit(join(options.dir, "repo.git"), defaultBranch),
    startStore({ baseUrl: url, owner: accounts.get(owner).login, name, defaultBranch, logins }),
  ]);
  // The store's thread loads for as long as this takes, and every task asks by GraphQL.
  githubSchema();
  const [git, store] = await starting;
  await installHook(git.dir);
  const forge = createForge({
    url,
    options,
    accounts,
    journal,
    git,
    store,
    tokens: new TokenRegistry(accounts, journal, options.app),
    refs: new Refs(git),
    pulls: new PullIndex(),
    marks: new Marks(),
    webhooks: new Webhooks(options.app),
  });
  forge.refs.onChange((change) => followRef(forge, change));
  await replay(forge);
  return forge;
}

async function replay(forge: Forge): Promise<void> {
  const writes: Promise<unknown>[] = [];
  for (const entry of forge.journal.entries) {
    forge.tokens.restore(entry);
    forge.marks.apply(entry);
    if (entry.kind !== "store") continue;
    const { login, method, path, body, at } = entry;
    writes.push(forge.store.mutate({ login, method, path: `${forge.repoPath}${path}`, body }, at));
  }
  await Promise.all(writes);
  if (writes.length > 0)
    for (const pull of await readList(forge, "/pulls", "&state=all")) forge.pulls.note(pull);
}

async function openFromTemplate(
  forge: Forge,
  login: string,
  { labels, ...fields }: { title: string; body: string; labels: readonly string[] },
): Promise<number> {
  const identity: Identity = { kind: "user", login, role: forge.accounts.get(login).role };
  return numberAt(await openIssue(forge, identity, { fields, labels }), "number") ?? 0;
}

function surface(forge: Forge, seen: SeenRequest[], stop: () => Promise<void>): EmbeddedGitHub {
  let stopped: Promise<void> | undefined;
  return {
    url: forge.url,
    gitDir: forge.git.dir,
    connectActions(actions) {
      forge.actions = actions;
      actions.onEvent((event) => {
        // The run goes on while the payload is made: keep what it was.
        const now = structuredClone(event);
        forge.background.start(() => emitActions(forge, now));
      });
    },
    userToken: (login) => forge.tokens.userToken(login),
    changeUser: (login, change) => forge.accounts.change(login, change),
    openFromTemplate: (login, issue) => forge.writing.run(() => openFromTemplate(forge, login, issue)),
    transferIssue: (issue, login, direction) =>
      record(forge, { kind: "transferred", at: Date.now(), login, issue, direction }),
    mintJobToken: ({ permissions }) => forge.tokens.mintJob(permissions),
    revokeToken: (token) => forge.tokens.revoke(token),
    deliveries: () => forge.webhooks.log,
    redeliver: (id) => forge.webhooks.redeliver(id),
    pauseWebhooks: () => forge.webhooks.pause(),
    resumeWebhooks: () => forge.webhooks.resume(),
    requests: () => [...seen],
    async idle() {
      do {
        await forge.background.idle();
        await forge.webhooks.idle();
      } while (forge.background.busy);
    },
    async [Symbol.asyncDispose]() {
      stopped ??= forge.background.idle().finally(stop);
      await stopped;
    },
  };
}
