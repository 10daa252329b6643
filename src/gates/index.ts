// The verifier's gates, in the order they run: the cheap ones first.
import { hygiene } from "./hygiene.ts";
import { integrity } from "./integrity.ts";
import { inventory } from "./inventory.ts";
import { mutation } from "./mutation.ts";
import { redGreen } from "./red-green.ts";
import { regression } from "./regression.ts";
import { scope } from "./scope.ts";
import type { Gate } from "./types.ts";

export const gates: readonly Gate[] = [integrity, inventory, redGreen, regression, mutation, scope, hygiene];
