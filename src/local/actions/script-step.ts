// A `run:` step: the script's file and the shell that runs it.
import { randomUUID } from "node:crypto";
import { statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { TemplateToken } from "@actions/workflow-parser/templates/tokens/template-token";
import { evaluateString } from "./expressions.ts";
import type { Executed, StepCall } from "./job-context.ts";
import { runCommand } from "./step-command.ts";

/** https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstepsshell */
const SHELLS: Readonly<Record<string, string>> = {
  "": "bash -e {0}",
  bash: "bash --noprofile --norc -eo pipefail {0}",
  sh: "sh -e {0}",
  python: "python3 {0}",
};

function shellCommand(shell: string, script: string): string[] {
  const template = SHELLS[shell] ?? (shell.includes("{0}") ? shell : undefined);
  if (template === undefined) {
    throw new Error(`The shell \`${shell}\` is not supported; use bash, sh, python or a command with {0}.`);
  }
  return template
    .split(/\s+/)
    .filter((word) => word !== "")
    .map((word) => word.replace("{0}", script));
}

export async function runScript(call: StepCall, script: TemplateToken): Promise<Executed> {
  const { job, scope, step } = call;
  const optional = (name: string) => {
    const token = step.tokens[name] ?? (call.list.depth === 0 ? job.shellDefaults[name] : undefined);
    return token ? evaluateString(token, scope) : "";
  };
  const text = evaluateString(script, scope);
  const shell = optional("shell");
  const cwd = resolve(job.folders.workspace, optional("working-directory"));
  if (!statSync(cwd, { throwIfNoEntry: false })?.isDirectory()) {
    throw new Error(
      `The working directory does not exist: ${cwd}; make it in an earlier step or correct the path.`,
    );
  }
  const file = join(job.folders.temp, `${randomUUID()}${shell === "python" ? ".py" : ".sh"}`);
  const argv = shellCommand(shell, file);
  writeFileSync(file, text.endsWith("\n") ? text : `${text}\n`);
  const [first = "", ...rest] = text.trimEnd().split("\n");
  job.log(`##[group]Run ${first}`);
  for (const line of [first, ...rest]) job.log(line);
  job.log("##[endgroup]");
  return runCommand(call, { argv, cwd, env: call.env });
}
