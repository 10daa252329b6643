import { isDay } from "./dates.js";
import { FileError } from "./errors.js";
import { parseAmount } from "./money.js";
import { detectSeparator, readRecords } from "./records.js";

const NEEDED = ["date", "category", "amount"];

/** The expenses of a CSV file, in its order: `{ date, category, amount, note }`, the amount in cents. */
export function readExpenses(text) {
  const separator = detectSeparator(text);
  const [header, ...records] = readRecords(text, separator);
  if (!header || records.length === 0) throw new FileError(1, "no records");

  const columns = header.fields.map((name) => name.toLowerCase());
  for (const name of NEEDED) {
    if (!columns.includes(name)) throw new FileError(header.line, `missing column "${name}"`);
  }
  return records.map((record) => toExpense(record, columns, separator));
}

function toExpense({ line, fields }, columns, separator) {
  if (fields.length !== columns.length) {
    throw new FileError(line, `expected ${columns.length} fields, found ${fields.length}`);
  }
  const value = (name) => fields[columns.indexOf(name)] ?? "";
  const amount = parseAmount(value("amount"), separator);
  if (!isDay(value("date"))) throw new FileError(line, `"${value("date")}" is not a date`);
  if (amount === undefined) throw new FileError(line, `"${value("amount")}" is not an amount`);
  return { date: value("date"), category: value("category"), amount, note: value("note") };
}
