// How fast a task may go, whoever drives it: runs a day, new comments an hour. Both are counted from what GitHub keeps.
import { configSchema } from "../core/config.ts";
import type { Effect } from "../core/effect.ts";
import type { TaskFacts } from "../core/facts.ts";
import type { Pace } from "../core/next.ts";
import type { Task } from "../core/task.ts";

const hourMs = 60 * 60_000;
const dayMs = 24 * hourMs;
const defaults = configSchema.parse({}).budget;

/** A configuration that broke after the label has the defaults. */
function limits({ config }: TaskFacts) {
  return "config" in config ? config.config.budget : defaults;
}

export function paceOf(facts: TaskFacts, task: Task): Pace {
  const since = Date.parse(facts.now) - dayMs;
  return {
    runsToday: task.runs.filter(({ at }) => Date.parse(at) > since).length,
    runsPerDay: limits(facts).runsPerDay,
  };
}

/** The effects without new comments beyond what an hour may have; those that are left out are made up for later. */
export function withinCommentPace(effects: readonly Effect[], facts: TaskFacts): Effect[] {
  const since = Date.parse(facts.now) - hourMs;
  const recent = facts.ours.filter(({ createdAt }) => Date.parse(createdAt) > since).length;
  const room = Math.max(0, limits(facts).commentsPerHour - recent);
  const comments = effects.filter(({ type }) => type === "comment");
  const kept = new Set(comments.slice(0, room));
  return effects.filter((effect) => effect.type !== "comment" || kept.has(effect));
}
