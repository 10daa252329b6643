const seconds = { h: 3600, m: 60, s: 1 };

/** Seconds of a duration such as `45m` or `1h30m`. */
export function parseDuration(text) {
  const trimmed = text.trim();
  if (!/^(?:\d+[hms])+$/.test(trimmed)) throw new RangeError(`no duration: ${text}`);
  const parts = trimmed.matchAll(/(\d+)([hms])/g);
  return [...parts].reduce((sum, [, count, unit]) => sum + Number(count) * seconds[unit], 0);
}

export function formatDuration(total) {
  if (total % 3600 === 0) return `${total / 3600}h`;
  return total % 60 === 0 ? `${total / 60}m` : `${total}s`;
}
