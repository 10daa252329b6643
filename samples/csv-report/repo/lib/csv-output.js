/** CSV that `readRecords` reads again: fields are quoted where they need it. */
export function renderCsv(header, rows) {
  return [header, ...rows].map((row) => `${row.map(quote).join(",")}\n`).join("");
}

function quote(value) {
  const text = String(value);
  return /[",;\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
