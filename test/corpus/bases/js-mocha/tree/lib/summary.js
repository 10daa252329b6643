/** The middle of the sorted values. */
export function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

export function summary(results) {
  const times = results.map(({ ms }) => ms);
  return { jobs: results.length, longest: Math.max(0, ...times), median: median(times) ?? 0 };
}
