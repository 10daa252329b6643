const AMOUNT = /^(-?)(\d+)(?:([.,])(\d{1,2}))?$/;

/** Cents, or `undefined` where the text is no amount. A decimal comma needs `;` between fields. */
export function parseAmount(text, separator) {
  const match = AMOUNT.exec(text);
  if (!match) return undefined;
  const [, sign, whole, mark, decimals = ""] = match;
  if (mark === "," && separator !== ";") return undefined;
  const cents = Number(whole) * 100 + Number(decimals.padEnd(2, "0"));
  return sign ? -cents : cents;
}

export function formatAmount(cents) {
  const digits = String(Math.abs(cents)).padStart(3, "0");
  return `${cents < 0 ? "-" : ""}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
