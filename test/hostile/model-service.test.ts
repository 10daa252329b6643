import { expect, test } from "vitest";
import { rows } from "./model-service.ts";

test.each(rows)("$row: $expect", { timeout: 120_000 }, async (row) => {
  expect(await row.try()).toMatchObject({ held: true });
});
