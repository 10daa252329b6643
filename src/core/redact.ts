// Masks secrets in text before it is shown, kept or sent: those that are known, and whatever is shaped like one.

const MASK = "«redacted»";

/** Shorter values occur by chance in ordinary output; masking them would garble it. */
const MIN_SECRET_LENGTH = 6;

const shapes: readonly RegExp[] = [
  /\bgh[pousr]_[A-Za-z0-9]{20,}/g,
  /\bgithub_pat_[A-Za-z0-9_]{20,}/g,
  /\bsk-(?:ant|proj)-[A-Za-z0-9_-]{16,}/g,
  /\bAKIA[0-9A-Z]{16}\b/g,
  /\bxox[abposr]-[A-Za-z0-9-]{10,}/g,
  /\bnpm_[A-Za-z0-9]{36}\b/g,
  /\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}/g,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
];

/** A function that masks: the secrets as they are, in base64 and percent-encoded, and token-shaped strings. */
export function createRedactor(secrets: readonly string[]): (text: string) => string {
  const known = [
    ...new Set(secrets.filter(({ length }) => length >= MIN_SECRET_LENGTH).flatMap(formsOf)),
  ].sort((a, b) => b.length - a.length);
  return (text) => {
    const withoutKnown = known.reduce((masked, secret) => masked.replaceAll(secret, MASK), text);
    return shapes.reduce((masked, shape) => masked.replace(shape, MASK), withoutKnown);
  };
}

function formsOf(secret: string): string[] {
  const json = JSON.stringify(secret).slice(1, -1);
  const base64 = Buffer.from(secret).toString("base64");
  return [secret, json, base64, base64.replace(/=+$/, ""), encodeURIComponent(secret)];
}

/** The same over every string of a JSON value; keys too. */
export function redactValue(value: unknown, redact: (text: string) => string): unknown {
  if (typeof value === "string") return redact(value);
  if (Array.isArray(value)) return value.map((each) => redactValue(each, redact));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [redact(key), redactValue(member, redact)]),
  );
}
