// `npm run hostile`: tries every row and prints whether it held and by what. Ends with 1 unless all did. `--only word`
// takes the rows whose words hold it.
import { parseArgs } from "node:util";
import { hostileRows } from "./groups.ts";
import { closeScenes } from "./scene.ts";

const { values } = parseArgs({ options: { only: { type: "string", multiple: true, default: [] } } });
const isWanted = (words: string) =>
  values.only.length === 0 || values.only.some((word) => words.toLowerCase().includes(word.toLowerCase()));

let tried = 0;
let held = 0;
for (const row of hostileRows.filter(({ group, row: words }) => isWanted(`${group} ${words}`))) {
  tried += 1;
  const outcome = await row.try().catch((error: unknown) => ({
    held: false,
    by: `it broke: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
  }));
  if (outcome.held) held += 1;
  process.stdout.write(
    `${outcome.held ? "held" : "FELL"}  ${row.group}: ${row.row} → ${row.expect} (${outcome.by})\n`,
  );
}
await closeScenes();
process.stdout.write(`tried ${tried}, held ${held}\n`);
process.exitCode = tried > 0 && tried === held ? 0 : 1;
