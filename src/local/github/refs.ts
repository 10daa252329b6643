// Refs of the bare repository: one writer at a time, each update a compare-and-swap of git's own. Tells a listener what moved.
import type { Git } from "./git.ts";
import { isAncestor } from "./git-commit.ts";
import { ApiError } from "./http.ts";
import type { Identity } from "./identity.ts";
import { Mutex } from "./mutex.ts";
import { keepWorkflows } from "./workflow-guard.ts";

export const ZERO = "0".repeat(40);

export interface RefChange {
  readonly ref: string;
  /** 40 zeros for a ref that did not exist, or does no longer. */
  readonly before: string;
  readonly after: string;
  readonly forced: boolean;
  readonly identity: Identity;
}

export class Refs {
  readonly #git: Git;
  readonly #writing = new Mutex();
  #listener: (change: RefChange) => Promise<void> = async () => undefined;

  constructor(git: Git) {
    this.#git = git;
  }

  /** `listener` runs after the change and before the request that made it is answered. */
  onChange(listener: (change: RefChange) => Promise<void>): void {
    this.#listener = listener;
  }

  read(ref: string): Promise<string | undefined> {
    return this.#git.sha(ref);
  }

  /** Refs whose name starts with `prefix`, by name. Annotated tags show their tag object. */
  async list(prefix: string): Promise<{ ref: string; sha: string; type: string }[]> {
    const format = "--format=%(refname) %(objectname) %(objecttype)";
    const lines = (await this.#git.text(["for-each-ref", format]))
      .split("\n")
      .filter((line) => line.startsWith(prefix));
    return lines.map((line) => {
      const [ref = "", sha = "", type = ""] = line.split(" ");
      return { ref, sha, type };
    });
  }

  async create(ref: string, sha: string, identity: Identity): Promise<void> {
    checkName(ref);
    await this.#checkTarget(sha);
    const taken = () => new ApiError(422, "Reference already exists");
    await this.#writing.run(async () => {
      if (await this.read(ref)) throw taken();
      await keepWorkflows(this.#git, identity, { before: undefined, after: sha });
      if (!(await this.#git.swapRef(ref, sha, ZERO)))
        throw (await this.read(ref)) ? taken() : this.#blocked(ref);
    });
    await this.#listener({ ref, before: ZERO, after: sha, forced: false, identity });
  }

  /**
   * Moves an existing ref. Without `force` the new commit must descend from the old one; with `expected` the ref must
   * still be there (422 otherwise).
   */
  async update(change: {
    ref: string;
    sha: string;
    force: boolean;
    identity: Identity;
    expected?: string;
  }): Promise<void> {
    const { ref, sha, force, identity, expected } = change;
    await this.#checkTarget(sha);
    const notForward = () => new ApiError(422, "Update is not a fast forward");
    const moved = await this.#writing.run(async () => {
      const before = await this.read(ref);
      if (!before) throw new ApiError(422, "Reference does not exist");
      if (expected !== undefined && before !== expected) throw notForward();
      await keepWorkflows(this.#git, identity, { before, after: sha });
      const forward = await isAncestor(this.#git, before, sha);
      if (!(forward || force)) throw notForward();
      if (before !== sha && !(await this.#git.swapRef(ref, sha, before))) throw notForward();
      return { before, forced: !forward };
    });
    if (moved.before !== sha) await this.#listener({ ref, after: sha, identity, ...moved });
  }

  async delete(ref: string, identity: Identity): Promise<void> {
    const before = await this.#writing.run(async () => {
      const sha = await this.read(ref);
      if (!sha) throw new ApiError(422, "Reference does not exist");
      if (!(await this.#git.swapRef(ref, ZERO, sha))) throw new ApiError(422, "Reference cannot be deleted");
      return sha;
    });
    await this.#listener({ ref, before, after: ZERO, forced: false, identity });
  }

  /** Runs a push: whatever refs `push` moved are told to the listener as `identity`'s. */
  async watch(identity: Identity, push: () => Promise<void>): Promise<void> {
    const changes = await this.#writing.run(async () => {
      const before = new Map((await this.list("refs/")).map(({ ref, sha }) => [ref, sha]));
      await push();
      const after = new Map((await this.list("refs/")).map(({ ref, sha }) => [ref, sha]));
      const names = [...new Set([...before.keys(), ...after.keys()])].filter(
        (ref) => before.get(ref) !== after.get(ref),
      );
      return names.map((ref) => ({ ref, before: before.get(ref) ?? ZERO, after: after.get(ref) ?? ZERO }));
    });
    for (const change of changes) {
      const replaced = change.before !== ZERO && change.after !== ZERO;
      const forced = replaced && !(await isAncestor(this.#git, change.before, change.after));
      await this.#listener({ ...change, forced, identity });
    }
  }

  /** Sets a ref that is ours alone (`refs/pull/…`): nobody is told. */
  async mirror(ref: string, sha: string): Promise<void> {
    const before = (await this.read(ref)) ?? ZERO;
    if (before !== sha && !(await this.#git.swapRef(ref, sha, before)))
      throw new Error(`Expected to set ${ref} to ${sha}, git refused.`);
  }

  #blocked(ref: string): ApiError {
    return new ApiError(422, `Reference cannot be created: ${ref} conflicts with another ref`);
  }

  async #checkTarget(sha: string): Promise<void> {
    if (!/^[0-9a-f]{40}$/.test(sha) || !(await this.#git.info(sha)))
      throw new ApiError(422, "Object does not exist");
  }
}

/** The rules of `git check-ref-format`, and that `refs/pull/` is GitHub's own. */
function checkName(ref: string): void {
  const parts = ref.split("/");
  const partsFine = parts.every((part) => part !== "" && !part.startsWith(".") && !part.endsWith(".lock"));
  const charactersFine = !/[\p{Cc} ~^:?*[\\]|\.\.|@\{|\.$/u.test(ref);
  const ours = ref.startsWith("refs/pull/");
  if (!(ref.startsWith("refs/") && parts.length >= 3 && partsFine && charactersFine) || ours)
    throw new ApiError(422, `${ref} is not a valid ref name.`);
}
