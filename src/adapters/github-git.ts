// The `GitWriter` port over GitHub's Git database API: trees from blobs, commits, refs moved without force.
import { isUtf8 } from "node:buffer";
import { workTreeHash } from "../core/hash.ts";
import type { GitWriter, TreeChange } from "../ports.ts";
import { type GitHubClient, type RepositoryName, unlessStatus } from "./github-client.ts";
import { listFolders } from "./github-folders.ts";

type TreeEntry = {
  path: string;
  mode: "100644" | "100755" | "040000" | "120000" | "160000";
  type: "blob" | "tree" | "commit";
} & ({ sha: string | null } | { content: string });

/** GitHub asks for few requests at a time. */
const blobsAtOnce = 8;

export function createGitWriter(client: GitHubClient, repository: RepositoryName): GitWriter {
  const params = { owner: repository.owner, repo: repository.name };

  const postTree = async (tree: readonly TreeEntry[], base?: string) => {
    const { data } = await client.request("POST /repos/{owner}/{repo}/git/trees", {
      ...params,
      tree: [...tree],
      ...(base === undefined ? {} : { base_tree: base }),
    });
    return data;
  };

  const readTree = async (sha: string) => {
    const { data } = await client.request("GET /repos/{owner}/{repo}/git/trees/{tree_sha}", {
      ...params,
      tree_sha: sha,
    });
    return data.tree.map(
      ({ path = "", mode = "", type = "", sha: entry = "" }) =>
        ({ path, mode, type, sha: entry }) as TreeEntry & { sha: string },
    );
  };

  const toEntry = async ({ path, content, mode = "100644" }: TreeChange): Promise<TreeEntry> => {
    if (content === null) return { path, mode, type: "blob", sha: null };
    if (isUtf8(content)) return { path, mode, type: "blob", content: Buffer.from(content).toString("utf8") };
    const { data } = await client.request("POST /repos/{owner}/{repo}/git/blobs", {
      ...params,
      content: Buffer.from(content).toString("base64"),
      encoding: "base64",
    });
    return { path, mode, type: "blob", sha: data.sha };
  };

  const readBlob = async (sha: string) => {
    const { data } = await client.request("GET /repos/{owner}/{repo}/git/blobs/{file_sha}", {
      ...params,
      file_sha: sha,
    });
    return Buffer.from(data.content, "base64");
  };

  const createCommit = async (request: { parents: readonly string[]; tree: string; message: string }) => {
    const { data } = await client.request("POST /repos/{owner}/{repo}/git/commits", {
      ...params,
      message: request.message,
      tree: request.tree,
      parents: [...request.parents],
    });
    return data.sha;
  };

  return {
    async makeTree(base, changes) {
      const entries: TreeEntry[] = [];
      for (const change of changes) entries.push(await toEntry(change));
      if (base !== undefined && entries.length === 0) {
        const root = await readTree(base);
        return { sha: base, workTree: workTreeHash(root) };
      }
      const data = await postTree(entries, base);
      const root = data.tree.map(({ path = "", mode = "", sha = "" }) => ({ path, mode, sha }));
      return { sha: data.sha, workTree: workTreeHash(root) };
    },

    async withoutFolder(commit, folder) {
      const drop = async (
        tree: string,
        [first = "", ...rest]: readonly string[],
      ): Promise<string | undefined> => {
        const kept: (TreeEntry & { sha: string })[] = [];
        for (const entry of await readTree(tree)) {
          if (entry.path !== first) kept.push(entry);
          else if (rest.length > 0) {
            const sha = await drop(entry.sha, rest);
            if (sha !== undefined) kept.push({ ...entry, sha });
          }
        }
        return kept.length === 0 ? undefined : (await postTree(kept)).sha;
      };
      const sha = await drop(commit, folder.split("/"));
      if (sha === undefined) throw new Error(`${commit} holds nothing but ${folder}`);
      return { sha };
    },

    async commit({ ref, create, ...request }) {
      const sha = await createCommit(request);
      const moved: Promise<unknown> = create
        ? client.request("POST /repos/{owner}/{repo}/git/refs", { ...params, ref: `refs/${ref}`, sha })
        : client.request("PATCH /repos/{owner}/{repo}/git/refs/{ref}", { ...params, ref, sha, force: false });
      return (await unlessStatus([409, 422], moved)) ? { sha } : "conflict";
    },

    async replace({ ref, ...request }) {
      const sha = await createCommit(request);
      // Most are made once and never replaced: the one request that makes them comes first.
      const created = await unlessStatus(
        [422],
        client.request("POST /repos/{owner}/{repo}/git/refs", { ...params, ref: `refs/${ref}`, sha }),
      );
      if (!created)
        await client.request("PATCH /repos/{owner}/{repo}/git/refs/{ref}", {
          ...params,
          ref,
          sha,
          force: true,
        });
      return { sha };
    },

    async headOf(ref) {
      const answer = await unlessStatus(
        [404],
        client.request("GET /repos/{owner}/{repo}/git/ref/{ref}", { ...params, ref }),
      );
      return answer?.data.object.sha;
    },

    listFolders: (commit, folders) => listFolders(client, repository, { commit, folders }),

    async readAll(ref) {
      const head = await client.request("GET /repos/{owner}/{repo}/git/ref/{ref}", { ...params, ref });
      const { data } = await client.request("GET /repos/{owner}/{repo}/git/trees/{tree_sha}", {
        ...params,
        tree_sha: head.data.object.sha,
        recursive: "1",
      });
      const blobs = data.tree.filter(({ type }) => type === "blob");
      const files = new Map<string, Uint8Array>();
      for (let from = 0; from < blobs.length; from += blobsAtOnce)
        await Promise.all(
          blobs.slice(from, from + blobsAtOnce).map(async ({ path = "", sha = "" }) => {
            files.set(path, await readBlob(sha));
          }),
        );
      return files;
    },
  };
}
