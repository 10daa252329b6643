/** A line for each item, for spreadsheets. */
export function toCsv(items) {
  const rows = items.map(({ name, count, minimum }) => [name, count, minimum].join(","));
  return ["name,count,minimum", ...rows].join("\n");
}
