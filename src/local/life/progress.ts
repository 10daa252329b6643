// What `local` shows while it works: one line that is redrawn on a terminal, plain lines elsewhere.
import { escapeInvisible } from "../../render/text.ts";
import type { Stage } from "./stage.ts";

export interface ProgressOutput {
  readonly isTerminal: boolean;
  readonly columns: number;
  write(text: string): void;
}

export interface Progress extends Disposable {
  /** A line that stays. */
  line(text: string): void;
}

const frames = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const redrawMs = 120;

const jobWords: Readonly<Record<string, string>> = {
  admit: "checking the run's ticket",
  author: "writing checks from the request",
  session: "the builder works",
  verify: "the verifier judges",
  settle: "recording the outcome",
};

/** Follows the stage's runs until disposed of. `now` in milliseconds. */
export function showProgress(stage: Stage, output: ProgressOutput, now: () => number): Progress {
  const startedAt = now();
  let phase = "starting";
  let detail = "";
  let turn = 0;
  const elapsed = () => {
    const seconds = Math.floor((now() - startedAt) / 1000);
    return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  };
  const clear = () => {
    if (output.isTerminal) output.write("\r\u001b[2K");
  };
  const draw = () => {
    turn += 1;
    const told = escapeInvisible(detail === "" ? phase : `${phase}  ${detail}`);
    const text = `${frames[turn % frames.length]} ${elapsed()}  ${told}`;
    output.write(`\r\u001b[2K${text.slice(0, output.columns - 1)}`);
  };
  const line = (text: string) => {
    clear();
    output.write(`${escapeInvisible(text)}\n`);
  };
  const timer = output.isTerminal ? setInterval(draw, redrawMs) : undefined;
  timer?.unref();
  stage.actions.onEvent(({ event, action, run, job }) => {
    if (event === "workflow_run" && action === "requested")
      line(`${elapsed()}  run ${run.id}: ${run.display_title}`);
    if (event !== "workflow_job" || !job) return;
    if (action === "in_progress") {
      phase = `${job.name}: ${jobWords[job.name] ?? "at work"}`;
      detail = "";
      if (!output.isTerminal) line(`${elapsed()}  ${phase}`);
    }
    if (action === "completed" && job.conclusion !== "skipped")
      line(`${elapsed()}  ${job.name}: ${job.conclusion}${detail === "" ? "" : ` (${detail})`}`);
  });
  stage.actions.onLine(({ text }) => {
    const said =
      /^(?:\S+Z )?(turn \d+ · .*|session ended: .*|verdict: .*|sealed after .*|admitted: .*)$/.exec(
        text,
      )?.[1];
    if (said !== undefined) detail = said;
  });
  return {
    line,
    [Symbol.dispose]() {
      clearInterval(timer);
      clear();
    },
  };
}
