// Secrets that stand in for real ones, and where they turn up: as they are, or in a plain disguise.
import { randomBytes } from "node:crypto";

/** So that what searches a disk can know one when it sees it. */
const prefix = "cnry";

export function makeCanary(): string {
  return `${prefix}${randomBytes(16).toString("hex")}`;
}

/** Three texts, of which one is in any base64 text that holds the canary, wherever it begins. */
function base64Forms(canary: string): string[] {
  return [0, 1, 2].map((shift) =>
    Buffer.from(`${"x".repeat(shift)}${canary}`)
      .toString("base64")
      .slice(shift === 0 ? 0 : 4, -6),
  );
}

function formsOf(canary: string): string[] {
  const hex = Buffer.from(canary).toString("hex");
  return [canary, [...canary].reverse().join(""), hex, hex.toUpperCase(), ...base64Forms(canary)];
}

export interface Place {
  readonly where: string;
  readonly bytes: Buffer;
}

/** Where the canary is, in any disguise; each place once. */
export function findCanary(canary: string, places: readonly Place[]): string[] {
  const forms = formsOf(canary);
  return places.flatMap(({ where, bytes }) => (forms.some((form) => bytes.includes(form)) ? [where] : []));
}
