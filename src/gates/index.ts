// The verifier's gates, in the order they run: the cheap ones first.
import { integrity } from "./integrity.ts";
import { redGreen } from "./red-green.ts";
import { regression } from "./regression.ts";
import type { Gate } from "./types.ts";

export const gates: readonly Gate[] = [integrity, redGreen, regression];
