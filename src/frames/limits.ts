// The budget and the stop rules of one task: the configuration's, with what its kind changes.
import { type Config, configSchema } from "../core/config.ts";
import type { Budget, StopRules } from "../core/frame.ts";
import type { FrameKind } from "./types.ts";

const defaults = configSchema.parse({});

/**
 * A figure for the kind in the configuration comes first, then a general one that is not the default, then the kind's
 * own, then the default.
 */
export function limitsOf(
  kind: Pick<FrameKind, "name" | "budget" | "stop">,
  config: Config,
): { budget: Budget; stop: StopRules } {
  const override = config.kinds[kind.name];
  // How fast a task may go is no part of its frame: it is read anew at every step.
  const { runsPerDay: _runs, commentsPerHour: _comments, ...budget } = config.budget;
  return {
    budget: merged<Budget>(budget, defaults.budget, kind.budget, override?.budget),
    stop: merged(config.stop, defaults.stop, kind.stop, override?.stop),
  };
}

function merged<T extends Record<string, unknown>>(
  general: T,
  initial: T,
  ofKind: Partial<T>,
  override: { [K in keyof T]?: T[K] | undefined } | undefined,
): T {
  const result = { ...general };
  const keys: (keyof T)[] = Object.keys(general);
  for (const key of keys) {
    const own = override?.[key];
    const fromKind = ofKind[key];
    if (own !== undefined) result[key] = own;
    else if (fromKind !== undefined && general[key] === initial[key]) result[key] = fromKind;
  }
  return result;
}
