// Concurrency groups of a repository, shared by runs and jobs: one holder, at most one that waits.
import { isMapping } from "@actions/workflow-parser";
import type { TemplateToken } from "@actions/workflow-parser/templates/tokens/template-token";
import { evaluateBoolean, evaluateString, type Scope } from "./expressions.ts";
import { tokensOf } from "./workflow-model.ts";

interface GroupRequest {
  readonly group: string;
  readonly cancelInProgress: boolean;
}

interface Member extends GroupRequest {
  /** Called when a newer member ends this one while it holds the group. */
  cancel(): void;
}

export interface Concurrency {
  /** Resolves to the function that leaves the group again, or to `undefined` where a newer member came first. */
  enter(member: Member): Promise<(() => void) | undefined>;
}

/** What `concurrency:` says, evaluated; `undefined` without it or with an empty group. */
export function concurrencyRequest(token: TemplateToken | undefined, scope: Scope): GroupRequest | undefined {
  if (!token) return undefined;
  const parts = tokensOf(token);
  const groupToken = isMapping(token) ? parts.group : token;
  const group = groupToken ? evaluateString(groupToken, scope) : "";
  if (group === "") return undefined;
  return { group, cancelInProgress: evaluateBoolean(parts["cancel-in-progress"], scope) };
}

interface Waiting {
  readonly member: Member;
  start(leave: (() => void) | undefined): void;
}

interface Group {
  holder: Member | undefined;
  waiting: Waiting | undefined;
}

export function createConcurrency(): Concurrency {
  const groups = new Map<string, Group>();
  const hold = (group: Group, member: Member): (() => void) => {
    group.holder = member;
    return () => {
      if (group.holder !== member) return;
      group.holder = undefined;
      const next = group.waiting;
      group.waiting = undefined;
      next?.start(hold(group, next.member));
    };
  };
  return {
    enter: async (member) => {
      // GitHub compares group names without regard to case.
      const key = member.group.toLowerCase();
      const group = groups.get(key) ?? { holder: undefined, waiting: undefined };
      groups.set(key, group);
      if (!group.holder) return hold(group, member);
      const replaced = group.waiting;
      const entered = new Promise<(() => void) | undefined>((resolve) => {
        group.waiting = { member, start: resolve };
      });
      replaced?.start(undefined);
      if (member.cancelInProgress) group.holder.cancel();
      return entered;
    },
  };
}
