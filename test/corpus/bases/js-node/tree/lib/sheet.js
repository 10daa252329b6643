import { formatDuration, parseDuration } from "./duration.js";

export function total(entries) {
  return formatDuration(entries.reduce((sum, { spent }) => sum + parseDuration(spent), 0));
}
