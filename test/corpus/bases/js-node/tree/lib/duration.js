const seconds = { h: 3600, m: 60, s: 1 };

/** Seconds of a duration such as `45m`. */
export function parseDuration(text) {
  const match = /^(\d+)([hms])/.exec(text.trim());
  if (!match || /[^\dhms]/.test(text.trim())) throw new RangeError(`no duration: ${text}`);
  return Number(match[1]) * seconds[match[2]];
}

export function formatDuration(total) {
  if (total % 3600 === 0) return `${total / 3600}h`;
  return total % 60 === 0 ? `${total / 60}m` : `${total}s`;
}
