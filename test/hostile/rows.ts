// One row of the hostile model: what is tried against the real thing, what must come of it, and by what it was held back.

export interface HostileRow {
  readonly group: string;
  readonly row: string;
  /** What must happen. */
  readonly expect: string;
  try(): Promise<{ held: boolean; by: string }>;
}
