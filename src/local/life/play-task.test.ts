import { expect, test } from "vitest";
import { countSaid } from "./play-task.ts";

test("goes on after the comments that a killed process posted", () => {
  expect(countSaid([], ["a", "b"])).toBe(0);
  expect(countSaid(["a"], ["a", "b"])).toBe(1);
  expect(countSaid(["a", "b"], ["a", "b"])).toBe(2);
  expect(countSaid(["a"], ["a", "a"])).toBe(1);
  expect(countSaid(["a\n"], ["a"])).toBe(1);
});

test("what an earlier command said is not taken for what this one has to say", () => {
  expect(countSaid(["first answer"], ["second answer"])).toBe(0);
  expect(countSaid(["first answer", "second answer"], ["second answer", "third"])).toBe(1);
});
