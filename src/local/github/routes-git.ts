// REST's git database: blobs, trees, commits, tags, refs. All of it is the bare repository.
import { type Forge, record } from "./forge.ts";
import { readCommit, type Signature, writeCommit } from "./git-commit.ts";
import { MissingPath, readTree, type TreeEntry, typeOfMode, walkTree, writeEditedTree } from "./git-tree.ts";
import { ApiError, type ApiRequest, noContent, notFound, ok, paginate } from "./http.ts";
import { isObject, type Json, listAt, objectAt, textAt } from "./json.ts";
import { need } from "./permissions.ts";
import { type Route, route } from "./router.ts";
import { showGitCommit, showRef, signatureOf } from "./show-git.ts";

const reading = need("read", "contents:read");
const writing = need("write", "contents:write");
const api = (forge: Forge) => `${forge.url}${forge.repoPath}`;

export const gitRoutes: readonly Route[] = [
  route("POST", "~/git/blobs", writing, async (forge, { body }) => {
    const content = textAt(body, "content");
    if (content === undefined) throw new ApiError(422, 'Invalid request.\n\n"content" wasn\'t supplied.');
    const encoding = textAt(body, "encoding") === "base64" ? "base64" : "utf8";
    const sha = await forge.git.write("blob", Buffer.from(content, encoding));
    return ok({ sha, url: `${api(forge)}/git/blobs/${sha}` }, 201);
  }),
  route("GET", "~/git/blobs/:sha", reading, async (forge, request) => {
    const blob = await forge.git.read(request.params.sha ?? "");
    if (blob?.type !== "blob") throw notFound();
    if (request.headers.accept?.includes("raw")) return { status: 200, bytes: blob.bytes };
    const { sha, size, bytes } = blob;
    return ok({
      sha,
      size,
      url: `${api(forge)}/git/blobs/${sha}`,
      content: bytes.toString("base64"),
      encoding: "base64",
    });
  }),
  route("POST", "~/git/trees", writing, createTree),
  route("GET", "~/git/trees/:sha+", reading, async (forge, request) => {
    const recursive = request.query.has("recursive");
    const sha = await forge.git.sha(`${request.params.sha ?? ""}^{tree}`);
    if (!sha) throw notFound();
    const entries = recursive
      ? await walkTree(forge.git, sha)
      : ((await readTree(forge.git, sha)) ?? []).map((entry) => ({ ...entry, path: entry.name }));
    return ok(await showTree(forge, sha, entries));
  }),
  route("POST", "~/git/commits", writing, createCommit),
  route("GET", "~/git/commits/:sha", reading, async (forge, { params }) => {
    const commit = await readCommit(forge.git, params.sha ?? "");
    if (!commit) throw notFound();
    return ok(showGitCommit(forge, commit));
  }),
  route("GET", "~/git/ref/:ref+", reading, async (forge, { params }) => {
    const ref = `refs/${params.ref}`;
    const object = await forge.git.info(ref);
    if (!object) throw notFound();
    return ok(showRef(forge, ref, object));
  }),
  route("GET", "~/git/matching-refs/:ref+", reading, async (forge, request) => {
    const found = await forge.refs.list(`refs/${request.params.ref}`);
    const { page, headers } = paginate(
      request,
      forge.url,
      found.map((one) => showRef(forge, one.ref, one)),
    );
    return { ...ok(page), headers };
  }),
  route("POST", "~/git/refs", writing, async (forge, { body, identity }) => {
    const ref = textAt(body, "ref") ?? "";
    const sha = textAt(body, "sha") ?? "";
    await forge.refs.create(ref, sha, identity);
    return ok(showRef(forge, ref, { sha, type: (await forge.git.info(sha))?.type ?? "commit" }), 201);
  }),
  route("PATCH", "~/git/refs/:ref+", writing, async (forge, { body, identity, params }) => {
    const ref = `refs/${params.ref}`;
    const sha = textAt(body, "sha") ?? "";
    await forge.refs.update({ ref, sha, force: isObject(body) && body.force === true, identity });
    return ok(showRef(forge, ref, { sha, type: "commit" }));
  }),
  route("DELETE", "~/git/refs/:ref+", writing, async (forge, { identity, params }) => {
    await forge.refs.delete(`refs/${params.ref}`, identity);
    return noContent;
  }),
];

async function showTree(
  forge: Forge,
  sha: string,
  entries: readonly (TreeEntry & { path: string })[],
): Promise<Json> {
  const tree: Json[] = [];
  for (const { path, mode, type, sha: object } of entries) {
    const size = type === "blob" ? (await forge.git.info(object))?.size : undefined;
    const url = `${api(forge)}/git/${type}s/${object}`;
    tree.push({ path, mode, type, sha: object, ...(size === undefined ? {} : { size }), url });
  }
  return { sha, url: `${api(forge)}/git/trees/${sha}`, tree, truncated: false };
}

async function createTree(forge: Forge, { body }: ApiRequest) {
  const base = textAt(body, "base_tree");
  const baseSha = base === undefined ? undefined : await forge.git.sha(`${base}^{tree}`);
  if (base !== undefined && !baseSha) throw notFound();
  const edits = new Map<string, Omit<TreeEntry, "name"> | undefined>();
  for (const item of listAt(body, "tree")) {
    const path = textAt(item, "path") ?? "";
    if (
      !/^[^/].*[^/]$|^[^/]$/s.test(path) ||
      path.split("/").some((part) => [".", "..", ".git", ""].includes(part))
    )
      throw new ApiError(422, "tree.path contains a malformed path component");
    edits.set(path, await treeEntry(forge, item));
  }
  if (edits.size === 0) throw new ApiError(422, "Invalid tree info");
  const sha = await writeEditedTree(forge.git, baseSha, edits).catch((error: unknown) => {
    // GitHub's words for the deletion of a path that is not there.
    throw error instanceof MissingPath ? new ApiError(422, "GitRPC::BadObjectState") : error;
  });
  const entries = ((await readTree(forge.git, sha)) ?? []).map((entry) => ({ ...entry, path: entry.name }));
  return ok(await showTree(forge, sha, entries), 201);
}

async function treeEntry(forge: Forge, item: Json): Promise<Omit<TreeEntry, "name"> | undefined> {
  const mode = textAt(item, "mode") ?? "";
  const content = textAt(item, "content");
  if (content === undefined && isObject(item) && item.sha === null) return undefined;
  if (!/^(100644|100755|120000|040000|160000)$/.test(mode))
    throw new ApiError(422, "Must supply a valid tree.mode");
  const type = typeOfMode(mode);
  if (content !== undefined) return { mode, type, sha: await forge.git.write("blob", Buffer.from(content)) };
  const sha = textAt(item, "sha") ?? "";
  const object = /^[0-9a-f]{40}$/.test(sha) ? await forge.git.info(sha) : undefined;
  if (type !== "commit" && object?.type !== type)
    throw new ApiError(422, `tree.sha ${sha} is not a valid ${type}`);
  return { mode, type, sha };
}

async function createCommit(forge: Forge, { body, identity }: ApiRequest) {
  const tree = textAt(body, "tree") ?? "";
  const message = textAt(body, "message");
  if (message === undefined) throw new ApiError(422, 'Invalid request.\n\n"message" wasn\'t supplied.');
  if ((await forge.git.info(tree))?.type !== "tree") throw new ApiError(422, "Tree SHA does not exist");
  const parents = listAt(body, "parents").map(String);
  for (const parent of parents) {
    if ((await forge.git.info(parent))?.type !== "commit")
      throw new ApiError(422, "Parent SHA does not exist or is not a commit object");
  }
  const own = signatureOf(forge, identity);
  const given = (key: string, otherwise: Signature): Signature => {
    const asked = objectAt(body, key);
    const { name, email, date } = otherwise;
    return {
      name: textAt(asked, "name") ?? name,
      email: textAt(asked, "email") ?? email,
      date: textAt(asked, "date") ?? date,
    };
  };
  const author = given("author", own);
  const committer = given("committer", author);
  const sha = await writeCommit(forge.git, { tree, parents, author, committer, message });
  const custom = "name" in objectAt(body, "author") || "name" in objectAt(body, "committer");
  if (!custom) record(forge, { kind: "signed", at: Date.now(), sha });
  const commit = await readCommit(forge.git, sha);
  return ok(commit ? showGitCommit(forge, commit) : {}, 201);
}
