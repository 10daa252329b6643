import { expect, it } from "vitest";
import { render, totalOf } from "../src/invoice.ts";
import { format, money } from "../src/money.ts";

it("writes less than one, and whole amounts", () => {
  expect(format(money(-5, "USD"))).toBe("-0.05 USD");
  expect(format(money(-12300))).toBe("-123.00 EUR");
  expect(format(money(0))).toBe("0.00 EUR");
});

it("writes a total below zero", () => {
  const positions = [{ name: "Returned", price: money(-75), quantity: 3 }];
  expect(format(totalOf({ number: "8", positions }))).toBe("-2.25 EUR");
});

it("writes a credit note", () => {
  const positions = [
    { name: "Returned", price: money(-999), quantity: 2 },
    { name: "Fee", price: money(150), quantity: 1 },
  ];
  const amounts = render({ number: "7", positions }).split("\n").map((line) => line.split(/\s{2,}/).at(-1));
  expect(amounts.slice(1)).toEqual(["-19.98 EUR", "1.50 EUR", "-18.48 EUR"]);
});
