import { expect } from "vitest";
import type { Money } from "../src/money.ts";

expect.addEqualityTesters([
  (a, b) => {
    const isMoney = (value: unknown): value is Money => Object.hasOwn(Object(value), "cents");
    return isMoney(a) && isMoney(b) ? a.cents === b.cents && a.currency === b.currency : undefined;
  },
]);
