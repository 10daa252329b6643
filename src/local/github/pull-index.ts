// Which pull requests there are and which branches they join: what refs, permissions and GraphQL ids need at hand.
import { type Json, numberAt, objectAt, textAt } from "./json.ts";

export interface PullEntry {
  readonly id: number;
  readonly number: number;
  readonly nodeId: string;
  readonly head: string;
  readonly base: string;
  readonly open: boolean;
}

export class PullIndex {
  readonly #byNumber = new Map<number, PullEntry>();

  /** Takes up a pull request as the store shows it. */
  note(pull: Json): void {
    const number = numberAt(pull, "number");
    const head = textAt(objectAt(pull, "head"), "ref");
    const base = textAt(objectAt(pull, "base"), "ref");
    if (number === undefined || head === undefined || base === undefined) return;
    const nodeId = textAt(pull, "node_id") ?? "";
    this.#byNumber.set(number, {
      id: numberAt(pull, "id") ?? 0,
      number,
      nodeId,
      head,
      base,
      open: textAt(pull, "state") === "open",
    });
  }

  get(number: number): PullEntry | undefined {
    return this.#byNumber.get(number);
  }

  byNodeId(nodeId: string): PullEntry | undefined {
    return this.all.find((pull) => pull.nodeId === nodeId);
  }

  openFrom(branch: string): PullEntry[] {
    return this.all.filter((pull) => pull.open && pull.head === branch);
  }

  get all(): PullEntry[] {
    return [...this.#byNumber.values()];
  }
}
