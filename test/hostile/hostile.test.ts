// Every row of the hostile corpus, tried against the real thing.
import { afterAll, expect, test } from "vitest";
import { hostileRows } from "./groups.ts";
import { closeScenes } from "./scene.ts";

afterAll(closeScenes);

test.each(hostileRows.map((row) => ({ row, name: `${row.group}: ${row.row} → ${row.expect}` })))(
  "$name",
  { timeout: 120_000 },
  async ({ row }) => {
    const { held, by } = await row.try();
    expect(held, by).toBe(true);
  },
);
