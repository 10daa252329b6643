// `agent-harness local`: one task's whole life on this machine. What is wrong with the input is found before anything
// starts; the user's repository is only read.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { requireConfig } from "../../core/config.ts";
import { Problem } from "../../core/problem.ts";
import { findCommands } from "../../frames/repository.ts";
import type { Log } from "../../ports.ts";
import { type IssueText, readIssueFile } from "./issue-file.ts";
import { type ModelService, requireModel } from "./model-service.ts";
import { openOut } from "./out-folder.ts";
import { type Played, playTask } from "./play-task.ts";
import { type ProgressOutput, showProgress } from "./progress.ts";
import { pushBack } from "./push-back.ts";
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
  /** The result becomes a branch of the repository. */
  readonly pushBack: boolean;
  /** Aborted when the person at the keyboard wants to leave: everything stops, and goes on with the same folder. */
  readonly signal: AbortSignal;
  readonly packageRoot: string;
  readonly nodePath: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly progress: ProgressOutput;
  /** Throws `sandbox-missing` where what the model asks for could not be confined and nobody allowed that; else says so. */
  requireSandbox(environment: LocalRequest["environment"]): Promise<void>;
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
}

/** Throws a `Problem` for what is wrong before the label. */
export async function runLocal(request: LocalRequest): Promise<LocalResult> {
  const prepared = await prepare(request);
  using folder = await openOut({ ...prepared, out: request.out });
  const { path: out } = folder;
  const { repository, service } = prepared;
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
  const result = await Promise.race([play(stage, request, { ...prepared, out }), left(request.signal, out)]);
  if (request.pushBack) progress.line(await bringBack(result.report, repository));
  return result;
}

/** Rejects when the person leaves; what is disposed of then ends every process of the task. */
async function left(signal: AbortSignal, out: string): Promise<never> {
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve));
  throw new Problem("interrupted", { out });
}

async function bringBack({ branch, pr, out }: LocalReport, { path }: UserRepository): Promise<string> {
  if (!pr) return "Nothing to push back: the task has no branch.";
  const name = await pushBack({ repository: path, result: join(out, "github", "repo.git"), branch });
  return `The result is the branch ${name} of ${path}.`;
}

async function play(
  stage: Stage,
  request: LocalRequest,
  prepared: Prepared & { readonly out: string },
): Promise<LocalResult> {
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
  await request.requireSandbox(request.environment);
  const service = await requireModel(request.environment);
  return { issue, repository, configText, label: config.label, service };
}

async function readConfigText({ config }: LocalRequest, repository: UserRepository): Promise<string> {
  if (config === undefined) return repository.configText ?? "";
  try {
    return await readFile(config, "utf8");
  } catch (cause) {
    throw new Problem("configuration-missing", { path: config }, { cause });
  }
}
