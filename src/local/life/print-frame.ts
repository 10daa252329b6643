// `agent-harness frame`: the frame that would be committed for a request on a repository, and why it looks so.
import { readFile } from "node:fs/promises";
import { requireConfig } from "../../core/config.ts";
import { Problem } from "../../core/problem.ts";
import { explainFrame, frameFiles } from "../../frames/generate.ts";
import { readIssueFile } from "./issue-file.ts";
import { readUserRepository } from "./user-repository.ts";

export interface PrintFrameRequest {
  readonly repo: string;
  readonly issue: string;
  readonly config?: string;
  /** `frame.json` instead of the page for people. */
  readonly json?: boolean;
}

/** Throws the same problems as `local` for its input. */
export async function printFrame(request: PrintFrameRequest): Promise<string> {
  const issue = await readIssueFile(request.issue);
  const repository = await readUserRepository(request.repo, [request.issue, request.config]);
  const configText = request.config === undefined ? repository.configText : await readConfig(request.config);
  const { frame, why } = explainFrame({
    task: 1,
    request: issue,
    labels: [],
    base: repository.headSha,
    repository: repository.facts,
    config: requireConfig(configText ?? ""),
  });
  if (request.json) return `${JSON.stringify(frame, null, 2)}\n`;
  const page = frameFiles(frame).find(({ path }) => path.endsWith("/FRAME.md"))?.text ?? "";
  return `${page.trimEnd()}\n\nWhy it looks so\n${why.map((each) => `- ${each}`).join("\n")}\n`;
}

async function readConfig(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    throw new Problem("configuration-missing", { path }, { cause });
  }
}
