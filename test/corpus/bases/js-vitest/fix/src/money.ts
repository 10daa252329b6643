export interface Money {
  readonly cents: number;
  readonly currency: string;
}

export function money(cents: number, currency = "EUR"): Money {
  if (!Number.isInteger(cents)) throw new RangeError(`no whole number of cents: ${cents}`);
  return { cents, currency };
}

export function add(a: Money, b: Money): Money {
  if (a.currency !== b.currency) throw new TypeError(`${a.currency} and ${b.currency} do not add up`);
  return money(a.cents + b.cents, a.currency);
}

/** With two digits after the point, and a sign in front below zero: `-12.50 EUR`. */
export function format({ cents, currency }: Money): string {
  const sign = cents < 0 ? "-" : "";
  const whole = Math.floor(Math.abs(cents) / 100);
  const rest = String(Math.abs(cents) % 100).padStart(2, "0");
  return `${sign}${whole}.${rest} ${currency}`;
}
