import { describe, expect, it } from "vitest";
import { add, format, money } from "../src/money.ts";

describe("money", () => {
  it("adds up amounts of one currency", () => {
    expect(add(money(1250), money(50))).toEqual(money(1300));
  });

  it("refuses to add up two currencies", () => {
    expect(() => add(money(1), money(1, "USD"))).toThrow(TypeError);
  });

  it("refuses parts of a cent", () => {
    expect(() => money(0.5)).toThrow(RangeError);
  });
});

describe("format", () => {
  it("writes two digits after the point", () => {
    expect(format(money(1250))).toBe("12.50 EUR");
    expect(format(money(7, "USD"))).toBe("0.07 USD");
  });

  it("writes one sign in front of an amount below zero", () => {
    expect(format(money(-550))).toBe("-5.50 EUR");
    expect(format(money(-100))).toBe("-1.00 EUR");
  });
});
