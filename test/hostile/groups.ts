// Every group of hostile rows: a new one is one file and one line here.
import { authorityRows } from "./authority.ts";
import { commandRows } from "./commands.ts";
import { deliveryRows } from "./deliveries.ts";
import { rows as modelServiceRows } from "./model-service.ts";
import { paceRows } from "./pace.ts";
import { relabellingRows } from "./relabelling.ts";
import type { HostileRow } from "./rows.ts";
import { textRows } from "./text.ts";
import { webhookRows } from "./webhooks.ts";
import { writtenTextRows } from "./written-text.ts";

export const hostileRows: readonly HostileRow[] = [
  ...webhookRows,
  ...deliveryRows,
  ...authorityRows,
  ...relabellingRows,
  ...paceRows,
  ...commandRows,
  ...textRows,
  ...writtenTextRows,
  ...modelServiceRows,
];
