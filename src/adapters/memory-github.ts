// GitHub in memory: every port of a task over plain maps, for tests of the controller and for measuring it at scale.
// It knows commits, refs, comments and runs; it has no HTTP, no permissions and no webhooks.
import type { CheckFacts, Permission, RunFacts } from "../core/facts.ts";
import { archiveRef, branchName, framePath, taskOfBranch } from "../core/frame.ts";
import { hashOf, sha256 } from "../core/hash.ts";
import type {
  Actor,
  CommentSnapshot,
  CommitSnapshot,
  Discussion,
  GitWriter,
  Runs,
  TaskSource,
  TreeChange,
} from "../ports.ts";

type Tree = ReadonlyMap<string, string>;

interface Commit {
  readonly sha: string;
  readonly tree: Tree;
  readonly parents: readonly string[];
  readonly isPen: boolean;
  readonly message: string;
}

interface MemoryPull {
  readonly number: number;
  readonly branch: string;
  isDraft: boolean;
}

interface MemoryIssue {
  title: string;
  body: string;
  readonly labels: Map<string, { actor: Actor; at: string; event: string }>;
  changedAt: string | undefined;
}

export interface MemoryRun extends RunFacts {
  readonly task: number;
  attempt: number;
  status: RunFacts["status"];
  conclusion: string | null;
  isCancelled: boolean;
  readonly artifacts: Map<string, ReadonlyMap<string, Uint8Array>>;
}

export interface MemoryGitHubOptions {
  readonly files: Readonly<Record<string, string>>;
  readonly people: Readonly<Record<string, Permission>>;
  /** Awaited before every request is answered: a scheduler, a fault, a count. */
  readonly before?: (request: string) => Promise<void>;
  /** Seconds since 1970. */
  readonly now: () => number;
}

const sha1 = (text: string) => sha256(text).slice(0, 40);

/** One repository. Public fields are the world as it is; `ports` is how the App sees it. */
export class MemoryGitHub {
  readonly refs = new Map<string, string>();
  readonly commits = new Map<string, Commit>();
  readonly trees = new Map<string, Tree>();
  readonly issues = new Map<number, MemoryIssue>();
  readonly pulls = new Map<number, MemoryPull>();
  readonly comments = new Map<number, CommentSnapshot[]>();
  readonly checks = new Map<string, CheckFacts>();
  readonly runs: MemoryRun[] = [];
  readonly reactions: { comment: number; content: string }[] = [];
  readonly #options: MemoryGitHubOptions;
  #lastId = 100;
  #lastNumber = 0;

  constructor(options: MemoryGitHubOptions) {
    this.#options = options;
    const tree = new Map(Object.entries(options.files));
    this.refs.set("heads/main", this.commit({ tree, parents: [], isPen: false, message: "start" }));
  }

  at(): string {
    return new Date(this.#options.now() * 1000).toISOString();
  }

  commit(commit: Omit<Commit, "sha">): string {
    this.#lastId += 1;
    const sha = sha1(`${this.#lastId} ${hashOf([...commit.tree])} ${commit.message}`);
    this.commits.set(sha, { ...commit, sha });
    return sha;
  }

  openIssue(title: string, body: string): number {
    this.#lastNumber += 1;
    this.issues.set(this.#lastNumber, { title, body, labels: new Map(), changedAt: undefined });
    return this.#lastNumber;
  }

  label(issue: number, name: string, login: string): void {
    this.#lastId += 1;
    const event = `label-${this.#lastId}`;
    this.issues.get(issue)?.labels.set(name, { actor: this.person(login), at: this.at(), event });
  }

  say(on: number, login: string, body: string): number {
    this.#lastId += 1;
    const comment = {
      id: this.#lastId,
      author: this.person(login),
      body,
      isEdited: false,
      createdAt: this.at(),
    };
    this.comments.set(on, [...(this.comments.get(on) ?? []), comment]);
    return comment.id;
  }

  /** A person's push onto a branch. */
  push(ref: string, files: Readonly<Record<string, string>>): void {
    const head = this.require(this.refs.get(ref));
    const tree = new Map([...head.tree, ...Object.entries(files)]);
    this.refs.set(ref, this.commit({ tree, parents: [head.sha], isPen: false, message: "push" }));
  }

  person(login: string): Actor {
    const isPen = login === "agent-harness" || login === "github-actions";
    const id = 1 + Object.keys(this.#options.people).indexOf(login);
    return { login, id, isUser: !isPen && !login.endsWith("[bot]"), isPen };
  }

  pullOf(task: number): MemoryPull | undefined {
    return [...this.pulls.values()].find(({ branch }) => branch === branchName(task));
  }

  require(sha: string | undefined): Commit {
    const commit = sha === undefined ? undefined : this.commits.get(sha);
    if (!commit) throw new Error(`Expected a commit, found none for ${sha}.`);
    return commit;
  }

  snapshot(sha: string | undefined, task: number): CommitSnapshot | undefined {
    if (sha === undefined) return undefined;
    const { tree, isPen } = this.require(sha);
    return {
      sha,
      isPen,
      workTree: workTree(tree),
      frameText: tree.get(`${framePath(task)}/frame.json`),
      ledgerText: tree.get(`${framePath(task)}/ledger.jsonl`),
    };
  }

  /** As the pen that commits and comments: `agent-harness` or `github-actions`. */
  ports(pen: string): { tasks: TaskSource; git: GitWriter; discussion: Discussion; runs: Runs } {
    const before = this.#options.before ?? (() => Promise.resolve());
    return guarded(
      { tasks: this.#tasks(), git: this.#git(), discussion: this.#discussion(pen), runs: this.#runs() },
      before,
    );
  }

  #tasks(): TaskSource {
    const record = (task: number) => ({
      configText: this.require(this.refs.get("heads/main")).tree.get(".github/agent-harness.yml"),
      branch: this.snapshot(this.refs.get(`heads/${branchName(task)}`), task),
      archive: this.snapshot(this.refs.get(archiveRef(task)), task),
    });
    return {
      load: async (task) => {
        const issue = this.issues.get(task);
        if (!issue) return undefined;
        const pull = this.pullOf(task);
        const head = record(task).branch;
        return {
          ...record(task),
          repositoryUrl: "https://github.example/o/r",
          defaultBranch: "main",
          defaultSha: this.require(this.refs.get("heads/main")).sha,
          issue: {
            number: task,
            title: issue.title,
            body: issue.body,
            isOpen: true,
            labels: [...issue.labels.keys()],
            labelledBy: issue.labels,
            changedAt: issue.changedAt,
            comments: this.comments.get(task) ?? [],
          },
          pull: pull &&
            head && {
              number: pull.number,
              nodeId: `pull-${pull.number}`,
              isDraft: pull.isDraft,
              state: "open",
              headSha: head.sha,
              comments: this.comments.get(pull.number) ?? [],
            },
        };
      },
      loadRecord: async (task) => record(task),
      lastPenCommit: async (task) => {
        let sha = this.refs.get(`heads/${branchName(task)}`);
        while (sha !== undefined && !this.require(sha).isPen) sha = this.require(sha).parents[0];
        return this.snapshot(sha, task);
      },
      permission: async ({ login, id }) =>
        this.person(login).id === id ? (this.#options.people[login] ?? "none") : "none",
      repositoryFacts: async (sha, paths) => {
        const { tree } = this.require(sha);
        const files = new Map<string, string>();
        for (const path of paths) {
          const text = tree.get(path);
          if (text !== undefined) files.set(path, text);
        }
        return { rootEntries: [...new Set([...tree.keys()].map((path) => path.split("/")[0] ?? ""))], files };
      },
      taskOfPull: async (number) => {
        const pull = this.pulls.get(number);
        return pull && taskOfBranch(pull.branch);
      },
      openTasks: async (label) =>
        [...this.issues].filter(([, { labels }]) => labels.has(label)).map(([number]) => number),
    };
  }

  #git(): GitWriter {
    const keep = (tree: Tree) => {
      const sha = sha1(hashOf([...tree].sort()));
      this.trees.set(sha, tree);
      return { sha, workTree: workTree(tree) };
    };
    const treeOf = (base: string | undefined): Tree =>
      base === undefined ? new Map() : (this.trees.get(base) ?? this.require(base).tree);
    const make = (request: { parents: readonly string[]; tree: string; message: string }) =>
      this.commit({ ...request, tree: treeOf(request.tree), isPen: true });
    return {
      makeTree: async (base, changes) => keep(applied(treeOf(base), changes)),
      withoutFolder: async (commit, folder) =>
        keep(new Map([...treeOf(commit)].filter(([path]) => !path.startsWith(`${folder}/`)))),
      commit: async ({ ref, create, ...request }) => {
        const current = this.refs.get(ref);
        if (create ? current !== undefined : current !== request.parents[0]) return "conflict";
        const sha = make(request);
        this.refs.set(ref, sha);
        return { sha };
      },
      replace: async ({ ref, ...request }) => {
        const sha = make(request);
        this.refs.set(ref, sha);
        return { sha };
      },
      headOf: async (ref) => this.refs.get(ref),
      readAll: async (ref) =>
        new Map([...this.require(this.refs.get(ref)).tree].map(([path, text]) => [path, Buffer.from(text)])),
    };
  }

  #discussion(pen: string): Discussion {
    return {
      openPull: async ({ branch }) => {
        const existing = [...this.pulls.values()].find((pull) => pull.branch === branch);
        if (existing) return { number: existing.number, nodeId: `pull-${existing.number}` };
        this.#lastNumber += 1;
        this.pulls.set(this.#lastNumber, { number: this.#lastNumber, branch, isDraft: true });
        return { number: this.#lastNumber, nodeId: `pull-${this.#lastNumber}` };
      },
      comment: async (number, body) => void this.say(number, pen, body),
      editComment: async (id, body) => {
        for (const [number, list] of this.comments)
          this.comments.set(
            number,
            list.map((comment) => (comment.id === id ? { ...comment, body } : comment)),
          );
      },
      react: async (comment, content) => {
        if (!this.reactions.some((each) => each.comment === comment && each.content === content))
          this.reactions.push({ comment, content });
      },
      markReady: async (nodeId) => {
        const pull = this.pulls.get(Number(nodeId.replace("pull-", "")));
        if (pull) pull.isDraft = false;
      },
      check: async (headSha) => this.checks.get(headSha),
      postCheck: async ({ headSha, conclusion }) => void this.checks.set(headSha, { headSha, conclusion }),
    };
  }

  #runs(): Runs {
    return {
      withTicket: async (task, ticket) =>
        this.runs.filter((run) => run.task === task && run.ticket === ticket),
      artifact: async (run, name) => this.runs.find(({ id }) => id === run)?.artifacts.get(name),
      dispatch: async (task, ticket) => {
        this.#lastId += 1;
        this.runs.push({
          id: this.#lastId,
          task,
          ticket,
          attempt: 1,
          status: "queued",
          conclusion: null,
          isCancelled: false,
          artifacts: new Map(),
        });
      },
      cancel: async (id) => {
        const run = this.runs.find((each) => each.id === id);
        if (run && run.status !== "completed") run.isCancelled = true;
      },
    };
  }
}

function workTree(tree: Tree): string {
  return sha1(hashOf([...tree].filter(([path]) => !path.startsWith(".harness/")).sort()));
}

function applied(tree: Tree, changes: readonly TreeChange[]): Tree {
  const result = new Map(tree);
  for (const { path, content } of changes) {
    if (content === null) result.delete(path);
    else result.set(path, Buffer.from(content).toString("utf8"));
  }
  return result;
}

/** Every method waits for `before` first. */
function guarded<All extends { [Key in keyof All]: object }>(
  ports: All,
  before: (request: string) => Promise<void>,
): All {
  const wrap = (port: object, name: string) =>
    new Proxy(port, {
      get(target, method) {
        const call: unknown = Reflect.get(target, method);
        if (typeof call !== "function") return call;
        return async (...words: unknown[]) => {
          await before(`${name}.${String(method)}`);
          return Reflect.apply(call, target, words);
        };
      },
    });
  return new Proxy(ports, {
    get: (target, name) => wrap(Reflect.get(target, name), String(name)),
  });
}
