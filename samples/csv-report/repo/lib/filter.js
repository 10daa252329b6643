import { monthOf } from "./dates.js";

/** The expenses of one month and one category; either may be left out. */
export function selectExpenses(expenses, { month, category }) {
  return expenses.filter(
    (expense) =>
      (month === undefined || monthOf(expense.date) === month) &&
      (category === undefined || expense.category.toLowerCase() === category.toLowerCase()),
  );
}

export function byDate(expenses) {
  return [...expenses].sort((one, other) => one.date.localeCompare(other.date));
}
