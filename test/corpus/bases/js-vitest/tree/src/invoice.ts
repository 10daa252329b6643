import { add, format, type Money, money } from "./money.ts";

export interface Position {
  readonly name: string;
  readonly price: Money;
  readonly quantity: number;
}

export interface Invoice {
  readonly number: string;
  readonly positions: readonly Position[];
}

export function totalOf({ positions }: Invoice): Money {
  const sums = positions.map(({ price, quantity }) => money(price.cents * quantity, price.currency));
  const [first = money(0), ...others] = sums;
  return others.reduce(add, first);
}

/** Amounts stand below each other, to the right. */
export function render(invoice: Invoice): string {
  const rows = invoice.positions.map(({ name, price, quantity }) => [
    `${quantity} x ${name}`,
    format(money(price.cents * quantity, price.currency)),
  ]);
  const lines = [...rows, ["Total", format(totalOf(invoice))]];
  const width = Math.max(...lines.map(([label = ""]) => label.length));
  const longest = Math.max(...lines.map(([, amount = ""]) => amount.length));
  const text = lines.map(([label = "", amount = ""]) => `${label.padEnd(width)}  ${amount.padStart(longest)}`);
  return [`Invoice ${invoice.number}`, ...text].join("\n");
}
