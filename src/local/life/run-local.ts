// `agent-harness local`: one task's whole life on this machine. What is wrong with the input is found before anything
// starts; the user's repository is only read.
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { requireConfig } from "../../core/config.ts";
import { sha256 } from "../../core/hash.ts";
import { Problem } from "../../core/problem.ts";
import { findCommands } from "../../frames/repository.ts";
import type { Log } from "../../ports.ts";
import { type IssueText, readIssueFile } from "./issue-file.ts";
import { type ModelService, requireModel } from "./model-service.ts";
import { type Played, playTask } from "./play-task.ts";
import { type ProgressOutput, showProgress } from "./progress.ts";
import { buildReport, type LocalReport } from "./report.ts";
import { seedRepository } from "./seed.ts";
import { type Stage, startStage } from "./stage.ts";
import { readUserRepository, type UserRepository } from "./user-repository.ts";

export interface LocalRequest {
  readonly repo: string;
  readonly issue: string;
  readonly says: readonly string[];
  readonly config: string | undefined;
  readonly out: string | undefined;
  readonly packageRoot: string;
  readonly nodePath: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly progress: ProgressOutput;
}

export interface LocalResult {
  readonly report: LocalReport;
  readonly played: Played;
  readonly base: string;
  readonly requests: number;
}

const owner = "local";
const labeller = "maintainer";

interface Prepared {
  readonly issue: IssueText;
  readonly repository: UserRepository;
  readonly configText: string;
  readonly label: string;
  readonly service: ModelService;
  readonly out: string;
}

/** Throws a `Problem` for what is wrong before the label. */
export async function runLocal(request: LocalRequest): Promise<LocalResult> {
  const prepared = await prepare(request);
  const { out, repository, service } = prepared;
  await seedRepository({
    repository,
    gitDir: join(out, "github", "repo.git"),
    workflowPath: join(request.packageRoot, ".github/workflows/agent-harness.yml"),
    configText: prepared.configText,
  });
  let show: Log = { line: () => {} };
  await using stage = await startStage({
    out,
    owner,
    name: repository.name,
    defaultBranch: repository.branch,
    labeller,
    packageRoot: request.packageRoot,
    nodePath: request.nodePath,
    secrets: service.secrets,
    vars: service.vars,
    environment: request.environment,
    log: { line: (text) => show.line(text) },
  });
  using progress = showProgress(stage, request.progress, () => Date.now());
  show = { line: (text) => (/^(App|settle): /.test(text) ? progress.line(text) : undefined) };
  return await play(stage, request, prepared);
}

async function play(stage: Stage, request: LocalRequest, prepared: Prepared): Promise<LocalResult> {
  const { repository, issue, label, out } = prepared;
  const played = await playTask(stage, {
    owner,
    name: repository.name,
    labeller,
    label,
    issue,
    says: request.says,
  });
  return {
    played,
    report: await buildReport(stage, played, { owner, name: repository.name, out }),
    base: played.record?.frame.base ?? repository.headSha,
    requests: stage.github.requests().length,
  };
}

async function prepare(request: LocalRequest): Promise<Prepared> {
  const issue = await readIssueFile(request.issue);
  const ours = [request.issue, request.config, request.out];
  const repository = await readUserRepository(request.repo, ours);
  const configText = await readConfigText(request, repository);
  const config = requireConfig(configText);
  if (config.test === undefined && findCommands(repository.facts).test === null)
    throw new Problem("test-command-missing", { where: repository.path });
  const service = await requireModel(request.environment);
  const out = await openOut(request, { issue, repository });
  return { issue, repository, configText, label: config.label, service, out };
}

async function readConfigText({ config }: LocalRequest, repository: UserRepository): Promise<string> {
  if (config === undefined) return repository.configText ?? "";
  try {
    return await readFile(config, "utf8");
  } catch (cause) {
    throw new Problem("configuration-missing", { path: config }, { cause });
  }
}

/** The folder of this task: new, or left by an earlier run of the same one. */
async function openOut(
  { out }: LocalRequest,
  { issue, repository }: Pick<Prepared, "issue" | "repository">,
): Promise<string> {
  if (out === undefined) return mkdtemp(join(tmpdir(), "agent-harness-"));
  const path = resolve(out);
  await mkdir(path, { recursive: true });
  const mark = join(path, "task.json");
  const task = JSON.stringify({ base: repository.headSha, issue: sha256(JSON.stringify(issue)) });
  if (existsSync(mark)) {
    const found = await readFile(mark, "utf8");
    if (found !== task) throw new Problem("out-occupied", { path, what: "holds another task" });
  } else {
    const names = await readdir(path);
    if (names.length > 0)
      throw new Problem("out-occupied", { path, what: `holds ${names.slice(0, 3).join(", ")}` });
    await writeFile(mark, task);
  }
  return path;
}
