// The few new comments that tell a person the state has turned: asking, stopped, ready, revoked, refused.
import type { Frame } from "../core/frame.ts";
import type { Task, Waiting } from "../core/task.ts";
import { remaining } from "./ledger.ts";
import { fenced, inert } from "./text.ts";

export function turnMarker(task: number, what: string): string {
  return `<!-- agent-harness:turn:${task}:${what} -->`;
}

export function askingComment(view: { frame: Frame; task: Task }, waiting: Waiting): string {
  return [
    turnMarker(view.frame.task, String(waiting.seq)),
    "**A question before the work goes on:**",
    fenced(waiting.note, 4_000),
    `${remaining(view)} Answer in a comment whose first line is \`/continue\`, with the answer in the lines after it.`,
  ].join("\n\n");
}

export function stoppedComment(view: { frame: Frame; task: Task }, waiting: Waiting): string {
  return [
    turnMarker(view.frame.task, String(waiting.seq)),
    `**Stopped: \`${inert(waiting.reason, 40)}\`.** ${inert(waiting.note, 1_000)}`,
    `What was done is kept on the branch. ${remaining(view)} To go on, comment \`/continue\`; guidance may stand in the lines after it.`,
  ].join("\n\n");
}

export function readyComment(task: number, seq: number, checkCount: string): string {
  return [
    turnMarker(task, String(seq)),
    `**Ready for review.** The verifier passed every item on exactly this code (${checkCount}).`,
    "The repository's own CI waits on purpose, since an agent wrote this code: look at the diff, then approve the workflow runs.",
  ].join("\n\n");
}

export function refusedComment(task: number, marker: string, why: string): string {
  return [turnMarker(task, marker), `**Not started.** ${why}`].join("\n\n");
}

export function helpText(why: string): string {
  return `${why} Commands, each alone in the first line of a comment: \`/continue\` (lines after it are guidance or the answer), \`/stop\`.`;
}
