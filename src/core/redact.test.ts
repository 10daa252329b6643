import { expect, test } from "vitest";
import { createRedactor, redactValue } from "./redact.ts";

test("masks a given secret as it is, in base64, in JSON and percent-encoded", () => {
  const secret = 'pa"ss/wo=rd-12345';
  const redact = createRedactor([secret]);
  const base64 = Buffer.from(secret).toString("base64");
  for (const form of [secret, base64, JSON.stringify(secret), encodeURIComponent(secret)]) {
    const masked = redact(`before ${form} after`);
    expect(masked).toMatch(/^before .*redacted.* after$/);
    expect(masked).not.toContain("wo=rd");
    expect(masked).not.toContain(base64.slice(0, 12));
  }
});

test.each([
  `ghp_${"a1".repeat(18)}`,
  `github_pat_${"b2".repeat(20)}`,
  `sk-ant-api03-${"c3".repeat(20)}`,
  "AKIAABCDEFGHIJKLMNOP",
  "-----BEGIN RSA PRIVATE KEY-----\nabc\ndef\n-----END RSA PRIVATE KEY-----",
])("masks what is shaped like a token without being told: %s", (token) => {
  expect(createRedactor([])(`x ${token} y`)).toBe("x «redacted» y");
});

test("leaves ordinary text and very short secrets alone", () => {
  const text = "const task = 1; // sk-ant is a prefix, ghp_ too";
  expect(createRedactor(["a", ""])(text)).toBe(text);
});

test("masks inside a value of any depth, keys too", () => {
  const redact = createRedactor(["hunter2-secret"]);
  expect(redactValue({ a: ["hunter2-secret", 1, null], "hunter2-secret": true }, redact)).toEqual({
    a: ["«redacted»", 1, null],
    "«redacted»": true,
  });
});
