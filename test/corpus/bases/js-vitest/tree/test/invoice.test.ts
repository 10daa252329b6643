import { expect, it } from "vitest";
import { render, totalOf } from "../src/invoice.ts";
import { money } from "../src/money.ts";

const invoice = {
  number: "2030-17",
  positions: [
    { name: "Paper", price: money(450), quantity: 3 },
    { name: "Ink", price: money(999), quantity: 1 },
  ],
};

it("adds up the positions", () => {
  expect(totalOf(invoice)).toEqual(money(2349));
});

it("renders an invoice", () => {
  expect(render(invoice)).toMatchSnapshot();
});
