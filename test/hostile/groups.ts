// Every group of hostile rows: a new one is one file and one line here.
import { rows as changeSetRows } from "./change-set.ts";
import { rows as egressRows } from "./egress.ts";
import { rows as jobRows } from "./jobs.ts";
import type { HostileRow } from "./rows.ts";
import { rows as runRows } from "./runs.ts";
import { rows as sandboxRows } from "./sandbox.ts";
import { rows as wallRows } from "./sandbox-walls.ts";
import { rows as verdictRows } from "./verdict.ts";
import { rows as workTreeRows } from "./work-tree.ts";
import { rows as zipRows } from "./zips.ts";

export const hostileRows: readonly HostileRow[] = [
  ...changeSetRows,
  ...workTreeRows,
  ...zipRows,
  ...sandboxRows,
  ...wallRows,
  ...egressRows,
  ...verdictRows,
  ...runRows,
  ...jobRows,
];
