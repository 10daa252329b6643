// Every row of the hostile corpus, tried against the real thing.
import { afterAll, expect, test } from "vitest";
import { closeTasks } from "./embedded-task.ts";
import { hostileRows } from "./groups.ts";
import { closeScenes } from "./scene.ts";

afterAll(closeTasks);
afterAll(closeScenes);

test.each(hostileRows.map((row) => ({ row, name: `${row.group}: ${row.row} → ${row.expect}` })))(
  "$name",
  // The first row of the obedient model plays a whole task.
  { timeout: 300_000 },
  async ({ row }) => {
    const { held, by } = await row.try();
    expect(held, by).toBe(true);
  },
);

test("no row stands there twice", () => {
  const names = hostileRows.map(({ group, row }) => `${group}: ${row}`);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});
