import { expect, it } from "vitest";
import { format, money } from "../src/money.ts";

it("writes one sign in front", () => {
  expect(format(money(-550))).toBe("-5.50 EUR");
});
