// REST on what the repository holds: files and folders, commits, branches, comparisons, statuses of a commit.
import { commitOnBranch } from "./branch-commit.ts";
import type { Forge } from "./forge.ts";
import { changedFiles, isoSeconds, listCommits, readCommit, type Signature } from "./git-commit.ts";
import { readTree, type TreeEntry } from "./git-tree.ts";
import { type ApiAnswer, ApiError, type ApiRequest, notFound, ok, paginate } from "./http.ts";
import { type JsonObject, objectAt, textAt, toObject } from "./json.ts";
import { need } from "./permissions.ts";
import { type Route, route } from "./router.ts";
import { showCommit, showFile, showWholeCommit } from "./show-git.ts";

const reading = need("read", "contents:read");
const writing = need("write", "contents:write");
const api = (forge: Forge) => `${forge.url}${forge.repoPath}`;

export const contentsRoutes: readonly Route[] = [
  route("GET", "~/contents/?", reading, getContents),
  route("GET", "~/contents/:path+", reading, getContents),
  route("PUT", "~/contents/:path+", writing, changeFile),
  route("DELETE", "~/contents/:path+", writing, changeFile),
  route("GET", "~/commits", reading, async (forge, request) => {
    const start = await resolveCommit(forge, request.query.get("sha") ?? "HEAD");
    const path = request.query.get("path");
    const commits = await listCommits(forge.git, ["--max-count=1000", start, "--", ...(path ? [path] : [])]);
    const { page, headers } = paginate(
      request,
      forge.url,
      commits.map((commit) => showCommit(forge, commit)),
    );
    return { ...ok(page), headers };
  }),
  route("GET", "~/commits/:ref+", reading, async (forge, { params }) => {
    const sha = await resolveCommit(forge, params.ref ?? "");
    const commit = await readCommit(forge.git, sha);
    if (!commit) throw new ApiError(422, `No commit found for SHA: ${params.ref}`);
    return ok(await showWholeCommit(forge, commit));
  }),
  route("GET", "~/compare/:range+", reading, compare),
  route("GET", "~/branches", reading, async (forge, request) => {
    const heads = await forge.refs.list("refs/heads/");
    const shown = heads.map(({ ref, sha }) => ({
      name: ref.slice("refs/heads/".length),
      commit: { sha, url: `${api(forge)}/commits/${sha}` },
      protected: false,
    }));
    const { page, headers } = paginate(request, forge.url, shown);
    return { ...ok(page), headers };
  }),
  route("GET", "~/branches/:branch+", reading, async (forge, { params }) => {
    const commit = await readCommit(forge.git, `refs/heads/${params.branch}`);
    if (!commit) throw new ApiError(404, "Branch not found");
    return ok({ name: params.branch, commit: showCommit(forge, commit), protected: false });
  }),
];

/** The commit that a branch, tag, full ref or (short) id names; 404 where there is none. */
export async function resolveCommit(forge: Forge, name: string): Promise<string> {
  const places = [
    `refs/heads/${name}`,
    `refs/tags/${name}`,
    name.startsWith("heads/") ? `refs/${name}` : name,
  ];
  for (const place of places) {
    const sha = await forge.git.sha(`${place}^{commit}`);
    if (sha) return sha;
  }
  throw notFound();
}

async function getContents(forge: Forge, request: ApiRequest): Promise<ApiAnswer> {
  const ref = request.query.get("ref") ?? forge.options.repository.defaultBranch;
  const commit = await resolveCommit(forge, ref);
  const path = (request.params.path ?? "").replace(/\/$/, "");
  const tree = path === "" ? `${commit}^{tree}` : `${commit}:${path}`;
  const object = await forge.git.read(tree);
  if (!object) throw notFound();
  if (object.type === "blob" && request.headers.accept?.includes("raw"))
    return { status: 200, bytes: object.bytes };
  if (object.type === "blob") {
    const content = object.bytes.toString("base64").replace(/(.{60})/g, "$1\n");
    return ok({
      ...showEntry(forge, { path, ref, type: "file", sha: object.sha, size: object.size }),
      content,
      encoding: "base64",
    });
  }
  const entries = (await readTree(forge.git, tree)) ?? [];
  return ok(await Promise.all(entries.map((entry) => listEntry(forge, ref, path, entry))));
}

async function listEntry(forge: Forge, ref: string, folder: string, entry: TreeEntry): Promise<JsonObject> {
  const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
  const type = entry.type === "tree" ? "dir" : entry.type === "commit" ? "submodule" : "file";
  const size = entry.type === "blob" ? ((await forge.git.info(entry.sha))?.size ?? 0) : 0;
  return showEntry(forge, { path, ref, type, sha: entry.sha, size });
}

function showEntry(
  forge: Forge,
  entry: { path: string; ref: string; type: string; sha: string; size: number },
): JsonObject {
  const { path, ref, type, sha, size } = entry;
  const url = `${api(forge)}/contents/${path}?ref=${ref}`;
  const page = `${forge.url}/${forge.owner}/${forge.name}`;
  const git = `${api(forge)}/git/${type === "dir" ? "trees" : "blobs"}/${sha}`;
  const html = `${page}/${type === "dir" ? "tree" : "blob"}/${ref}/${path}`;
  const name = path.slice(path.lastIndexOf("/") + 1);
  const links = { self: url, git, html };
  return {
    type,
    size,
    name,
    path,
    sha,
    url,
    git_url: git,
    html_url: html,
    download_url: null,
    _links: links,
  };
}

async function changeFile(forge: Forge, request: ApiRequest): Promise<ApiAnswer> {
  const { body, params, identity, method } = request;
  const path = params.path ?? "";
  const branch = textAt(body, "branch") ?? forge.options.repository.defaultBranch;
  const message = textAt(body, "message");
  if (message === undefined) throw new ApiError(422, 'Invalid request.\n\n"message" wasn\'t supplied.');
  const old = await forge.git.info(`refs/heads/${branch}:${path}`);
  const sha = textAt(body, "sha");
  if (method === "DELETE" && !old) throw notFound();
  if (old && sha === undefined) throw new ApiError(422, 'Invalid request.\n\n"sha" wasn\'t supplied.');
  if (sha !== undefined && sha !== old?.sha) throw new ApiError(409, `${path} does not match ${sha}`);
  const bytes = Buffer.from(textAt(body, "content") ?? "", "base64");
  const blob = method === "DELETE" ? undefined : await forge.git.write("blob", bytes);
  const edits = new Map([[path, blob ? { mode: "100644", type: "blob" as const, sha: blob } : undefined]]);
  const author = signatureAt(body, "author");
  const committer = signatureAt(body, "committer");
  const commit = await commitOnBranch(forge, {
    branch,
    message,
    edits,
    identity,
    ...(author ? { author } : {}),
    ...(committer ? { committer } : {}),
  });
  const shown = blob
    ? showEntry(forge, { path, ref: branch, type: "file", sha: blob, size: bytes.length })
    : null;
  return ok(
    {
      content: shown,
      commit: { ...showCommit(forge, commit), ...toObject(showCommit(forge, commit).commit) },
    },
    old ? 200 : 201,
  );
}

function signatureAt(body: unknown, key: string): Signature | undefined {
  const given = objectAt(body, key);
  const name = textAt(given, "name");
  const email = textAt(given, "email");
  if (name === undefined || email === undefined) return undefined;
  return { name, email, date: textAt(given, "date") ?? isoSeconds(Date.now()) };
}

async function compare(forge: Forge, request: ApiRequest): Promise<ApiAnswer> {
  const [from = "", to = ""] = (request.params.range ?? "").split("...");
  const local = (name: string) => name.slice(name.indexOf(":") + 1);
  const base = await resolveCommit(forge, local(from));
  const head = await resolveCommit(forge, local(to));
  const joint = (await forge.git.run(["merge-base", base, head])).stdout.toString("utf8").trim();
  if (joint === "") throw new ApiError(404, `No common ancestor between ${from} and ${to}.`);
  const [ahead, behind, files] = await Promise.all([
    listCommits(forge.git, ["--reverse", `${base}..${head}`]),
    forge.git.text(["rev-list", "--count", `${head}..${base}`]),
    changedFiles(forge.git, joint, head),
  ]);
  const behindBy = Number(behind);
  const status =
    ahead.length > 0 ? (behindBy > 0 ? "diverged" : "ahead") : behindBy > 0 ? "behind" : "identical";
  const [baseCommit, jointCommit] = await Promise.all([
    readCommit(forge.git, base),
    readCommit(forge.git, joint),
  ]);
  return ok({
    url: `${api(forge)}/compare/${from}...${to}`,
    html_url: `${forge.url}/${forge.owner}/${forge.name}/compare/${from}...${to}`,
    base_commit: baseCommit && showCommit(forge, baseCommit),
    merge_base_commit: jointCommit && showCommit(forge, jointCommit),
    status,
    ahead_by: ahead.length,
    behind_by: behindBy,
    total_commits: ahead.length,
    commits: ahead.map((commit) => showCommit(forge, commit)),
    files: files.map((file) => showFile(forge, head, file)),
  });
}
