const GAP = "  ";

/**
 * Lines up rows under their header. `align` has `left` or `right` for each column. Nothing stands behind the last
 * character of a line.
 */
export function renderTable(header, rows, align) {
  const table = [header, ...rows].map((row) => row.map(cellText));
  const widths = header.map((_, column) => Math.max(...table.map((row) => row[column].length)));
  return table.map((row) => `${row.map((cell, column) => pad(cell, widths[column], align[column])).join(GAP).trimEnd()}\n`).join("");
}

function cellText(value) {
  return String(value);
}

function pad(cell, width, align) {
  return align === "right" ? cell.padStart(width) : cell.padEnd(width);
}
