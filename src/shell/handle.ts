// One event, or none: gather → plan → perform, again while somebody else was faster.

import type { Clock, Log } from "../ports.ts";
import type { Pen } from "./draft.ts";
import { type GatherPorts, gather } from "./gather.ts";
import { type PerformPorts, perform } from "./perform.ts";
import { planTask } from "./plan.ts";

export interface TaskPorts extends GatherPorts, PerformPorts {
  readonly clock: Clock;
  readonly log: Log;
  /** A random ticket. */
  newTicket(): string;
}

/** Times a task is decided anew after losing a race. */
const maxRounds = 5;

/**
 * Brings one task to where its facts say it should be. Safe to call at any time, any number of times, by any number of
 * copies.
 */
export async function reconcile(
  request: {
    readonly task: number;
    readonly repository: { readonly owner: string; readonly name: string };
    readonly newComment?: number;
  },
  ports: TaskPorts,
  pen: Pen,
): Promise<void> {
  for (let round = 1; round <= maxRounds; round += 1) {
    const facts = await gather(
      {
        task: request.task,
        repository: request.repository,
        now: new Date(ports.clock.now()).toISOString(),
        freshTicket: ports.newTicket(),
        newComment: request.newComment,
      },
      ports,
    );
    if (!facts) return;
    const effects = planTask(facts, pen);
    if (effects.length === 0) return;
    ports.log.line(`issue #${request.task}: ${effects.map(({ type }) => type).join(", ")}`);
    if ((await perform(effects, facts, ports)) === "done") return;
    ports.log.line(
      `issue #${request.task}: somebody else was first; deciding anew (${round} of ${maxRounds})`,
    );
  }
}
