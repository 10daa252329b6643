import { renderCsv } from "./csv-output.js";
import { formatAmount } from "./money.js";
import { total } from "./summary.js";
import { renderTable } from "./table.js";

export function renderSummary(groups, { by, format }) {
  if (format === "json") return `${JSON.stringify({ by, groups, total: total(groups).total }, null, 2)}\n`;
  const rows = [...groups, total(groups)].map(({ key, count, total }) => [key, count, formatAmount(total)]);
  const header = [by, "count", "total"];
  if (format === "csv") return renderCsv(header, rows.slice(0, -1));
  return renderTable(header, rows, ["left", "right", "right"]);
}

export function renderList(expenses, { format }) {
  if (format === "json") return `${JSON.stringify(expenses, null, 2)}\n`;
  const header = ["date", "category", "amount", "note"];
  const rows = expenses.map(({ date, category, amount, note }) => [date, category, formatAmount(amount), note]);
  if (format === "csv") return renderCsv(header, rows);
  return renderTable(header, rows, ["left", "left", "right", "left"]);
}
