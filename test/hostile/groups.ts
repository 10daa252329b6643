// Every group of hostile rows: a new one is one file and one line here.
import { authorityRows } from "./authority.ts";
import { rows as changeSetRows } from "./change-set.ts";
import { commandRows } from "./commands.ts";
import { deliveryRows } from "./deliveries.ts";
import { rows as egressRows } from "./egress.ts";
import { rows as jobRows } from "./jobs.ts";
import { rows as modelServiceRows } from "./model-service.ts";
import { rows as obedientRows } from "./obedient/rows.ts";
import { paceRows } from "./pace.ts";
import { relabellingRows } from "./relabelling.ts";
import type { HostileRow } from "./rows.ts";
import { rows as runRows } from "./runs.ts";
import { rows as sandboxRows } from "./sandbox.ts";
import { rows as wallRows } from "./sandbox-walls.ts";
import { textRows } from "./text.ts";
import { rows as verdictRows } from "./verdict.ts";
import { webhookRows } from "./webhooks.ts";
import { rows as workTreeRows } from "./work-tree.ts";
import { writtenTextRows } from "./written-text.ts";
import { rows as zipRows } from "./zips.ts";

export const hostileRows: readonly HostileRow[] = [
  ...webhookRows,
  ...deliveryRows,
  ...authorityRows,
  ...relabellingRows,
  ...paceRows,
  ...commandRows,
  ...textRows,
  ...writtenTextRows,
  ...changeSetRows,
  ...workTreeRows,
  ...zipRows,
  ...sandboxRows,
  ...wallRows,
  ...egressRows,
  ...verdictRows,
  ...runRows,
  ...jobRows,
  ...modelServiceRows,
  ...obedientRows,
];
