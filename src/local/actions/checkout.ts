// actions/checkout v7 of the own repository: real git over HTTP with the job's token.
import { randomUUID } from "node:crypto";
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve, sep } from "node:path";
import { processEnvironment } from "./environment.ts";
import type { Executed } from "./job-context.ts";
import { runProcess } from "./step-process.ts";
import { flag, type WellKnownAction, type WellKnownCall } from "./well-known-action.ts";

interface Repository {
  readonly url: string;
  readonly header: { readonly key: string; readonly value: string };
  /** Throws with git's own words where the command fails. */
  git(...args: string[]): Promise<string>;
}

const SHA = /^[0-9a-f]{40}$/i;

function openRepository(call: WellKnownCall, folder: string): Repository {
  const { job, inputs } = call;
  const { serverUrl, repository } = job.host.options;
  const basic = Buffer.from(`x-access-token:${inputs.token || job.token}`).toString("base64");
  job.masks.add(basic);
  const header = { key: `http.${serverUrl}/.extraheader`, value: `AUTHORIZATION: basic ${basic}` };
  // The token goes by the environment of git alone: neither on a command line nor into a file.
  const env = processEnvironment(job, call.github, {
    GIT_TERMINAL_PROMPT: "0",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_COUNT: "1",
    GIT_CONFIG_KEY_0: header.key,
    GIT_CONFIG_VALUE_0: header.value,
  });
  const git = async (...args: string[]) => {
    const lines: string[] = [];
    job.log(`[command]git ${args.join(" ")}`);
    const code = await runProcess({
      argv: ["git", "-c", "advice.detachedHead=false", ...args],
      cwd: folder,
      env,
      onLine: (line) => lines.push(line),
      cancel: call.signal,
      kill: job.kill,
      graceMs: job.host.cancelGraceMs,
      launcher: job.host.launcher,
    });
    for (const line of lines) job.log(line);
    if (code !== 0)
      throw new Error(`git ${args[0] ?? ""} failed with exit code ${code}: ${lines.at(-1) ?? ""}`);
    return lines.join("\n");
  };
  return { url: `${serverUrl}/${repository}.git`, header, git };
}

/** Leaves the folder with a repository whose origin is ours and, if asked, without anything of an earlier step. */
async function prepare(call: WellKnownCall, { git, url }: Repository, folder: string): Promise<void> {
  const names = readdirSync(folder);
  const origin = names.includes(".git") ? await git("remote", "get-url", "origin").catch(() => "") : "";
  if (origin === url) {
    if (flag(call.inputs, "clean")) {
      await git("clean", "-ffdx");
      await git("reset", "--hard", "--quiet");
    }
    return;
  }
  for (const name of names) rmSync(join(folder, name), { recursive: true, force: true });
  await git("init", "--quiet", "--initial-branch=main");
  await git("remote", "add", "origin", url);
}

interface Target {
  readonly refspec: string;
  /** The local branch to be on; `undefined` leaves HEAD detached. */
  readonly branch: string | undefined;
}

/** What to fetch for the input `ref`: the event's own commit, a commit, a full ref, or a branch or tag by its name. */
async function findTarget({ job, inputs }: WellKnownCall, { git }: Repository): Promise<Target> {
  const { ref = "" } = inputs;
  const onBranch = (branch: string, source: string) => ({
    refspec: `+${source}:refs/remotes/origin/${branch}`,
    branch,
  });
  const { ref_name: ownName, sha: ownSha, ref: ownRef } = job.github;
  if (ref === "" && String(ownRef).startsWith("refs/pull/"))
    return { refspec: `+${ownSha}:refs/remotes/pull/${ownName}`, branch: undefined };
  if (ref === "") return onBranch(String(ownName), String(ownSha));
  if (SHA.test(ref)) return { refspec: ref, branch: undefined };
  if (ref.startsWith("refs/heads/")) return onBranch(ref.slice("refs/heads/".length), ref);
  if (ref.startsWith("refs/tags/")) return { refspec: `+${ref}:${ref}`, branch: undefined };
  if (ref.startsWith("refs/")) return { refspec: ref, branch: undefined };
  const remote = await git("ls-remote", "--quiet", "origin", `refs/heads/${ref}`, `refs/tags/${ref}`);
  const isThere = (name: string) => remote.split("\n").some((line) => line.endsWith(`\t${name}`));
  if (isThere(`refs/heads/${ref}`)) return onBranch(ref, `refs/heads/${ref}`);
  if (isThere(`refs/tags/${ref}`))
    return { refspec: `+refs/tags/${ref}:refs/tags/${ref}`, branch: undefined };
  throw new Error(`A branch or tag with the name '${ref}' could not be found; correct the input \`ref\`.`);
}

async function fetch({ inputs }: WellKnownCall, { git }: Repository, target: Target): Promise<string> {
  const depth = Number(inputs["fetch-depth"]);
  if (!Number.isInteger(depth) || depth < 0) {
    throw new Error(`The input \`fetch-depth\`: expected 0 or more, found '${inputs["fetch-depth"]}'.`);
  }
  const options = ["--quiet", "--prune", "--no-recurse-submodules"];
  const all = depth === 0 ? ["+refs/heads/*:refs/remotes/origin/*", "+refs/tags/*:refs/tags/*"] : [];
  if (all.length > 0) await git("fetch", ...options, "--no-tags", "origin", ...all);
  const limit = depth === 0 ? [] : [`--depth=${depth}`];
  const tags = flag(inputs, "fetch-tags") ? "--tags" : "--no-tags";
  await git("fetch", ...options, tags, ...limit, "origin", target.refspec);
  return git(
    "rev-parse",
    target.branch === undefined ? "FETCH_HEAD^{commit}" : `refs/remotes/origin/${target.branch}`,
  );
}

/** As v6 and later: a file outside the work tree, included by the repository's configuration, removed after the job. */
async function persist(call: WellKnownCall, { git, header }: Repository): Promise<void> {
  const { job } = call;
  const file = join(job.folders.temp, `git-credentials-${randomUUID()}.config`);
  writeFileSync(
    file,
    `[http "${header.key.replace(/^http\./, "").replace(/\.extraheader$/, "")}"]\n\textraheader = ${header.value}\n`,
    {
      mode: 0o600,
    },
  );
  await git("config", "--local", "include.path", file);
  job.posts.push({
    name: "Post actions/checkout",
    condition: "always()",
    run: async () => {
      rmSync(file, { force: true });
      return { outcome: "success", outputs: {} };
    },
  });
}

async function run(call: WellKnownCall): Promise<Executed> {
  const { job, inputs } = call;
  const { repository } = job.host.options;
  if (inputs.repository && inputs.repository.toLowerCase() !== repository.toLowerCase()) {
    throw new Error(
      `actions/checkout: \`repository: ${inputs.repository}\` is not the own one, ${repository}.`,
    );
  }
  const folder = resolve(job.folders.workspace, inputs.path ?? "");
  if (folder !== job.folders.workspace && !folder.startsWith(job.folders.workspace + sep)) {
    throw new Error(
      `actions/checkout: the input \`path\` (${inputs.path}) leaves the workspace; name a folder in it.`,
    );
  }
  mkdirSync(folder, { recursive: true });
  const opened = openRepository(call, folder);
  await prepare(call, opened, folder);
  const target = await findTarget(call, opened);
  const commit = (await fetch(call, opened, target)).trim();
  const place =
    target.branch === undefined ? ["--detach", commit] : ["-B", target.branch, `origin/${target.branch}`];
  await opened.git("checkout", "--quiet", "--force", ...place);
  if (flag(inputs, "persist-credentials")) await persist(call, opened);
  return { outcome: "success", outputs: { ref: inputs.ref || String(job.github.ref), commit } };
}

export const checkout: WellKnownAction = {
  name: "actions/checkout",
  defaults: {
    repository: "",
    ref: "",
    token: "",
    path: "",
    clean: "true",
    "fetch-depth": "1",
    "fetch-tags": "false",
    "persist-credentials": "true",
  },
  run,
};
