import { describe, expect, it } from "vitest";
import { withoutVolatile } from "./volatile.ts";

describe("withoutVolatile", () => {
  it.each([
    ["took 12 ms", "took 340.5ms"],
    ["at 2024-01-02T03:04:05.678Z", "at 2025-11-12T13:14:15Z"],
    ["at /tmp/a1/tree/lib/x.js:3:14", "at /tmp/b2/tree/lib/x.js:9:1"],
    ["file:///tmp/a/x.js", "/var/b/c/x.js"],
    ["object 0x7ffd1234", "object 0x55aa9988"],
    ["\u001b[31mred\u001b[39m", "red"],
    ["localhost:4000 refused", "localhost:51234 refused"],
    ["line 3 is bad", "line 7 is bad"],
  ])("finds %j and %j alike", (a, b) => {
    expect(withoutVolatile(a)).toBe(withoutVolatile(b));
  });

  it.each([
    ["expected 3, got 4", "expected 3, got 5"],
    ["at /tmp/a/x.js", "at /tmp/a/y.js"],
    ["12 tests failed", "13 tests failed"],
    ["Cannot read 'a'", "Cannot read 'b'"],
  ])("finds %j and %j different", (a, b) => {
    expect(withoutVolatile(a)).not.toBe(withoutVolatile(b));
  });
});
