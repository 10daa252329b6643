import { monthOf } from "./dates.js";

const GROUPS = {
  category: {
    keyOf: (expense) => expense.category,
    order: (one, other) => other.total - one.total || one.key.localeCompare(other.key),
  },
  month: {
    keyOf: (expense) => monthOf(expense.date),
    order: (one, other) => one.key.localeCompare(other.key),
  },
};

/** `{ key, count, total }` for each category or month, the total in cents. */
export function summarise(expenses, by = "category") {
  const { keyOf, order } = GROUPS[by];
  const groups = new Map();
  for (const expense of expenses) {
    const key = keyOf(expense);
    const group = groups.get(key) ?? { key, count: 0, total: 0 };
    group.count += 1;
    group.total += expense.amount;
    groups.set(key, group);
  }
  return [...groups.values()].sort(order);
}

export function total(groups) {
  return groups.reduce(
    (sum, group) => ({ key: "TOTAL", count: sum.count + group.count, total: sum.total + group.total }),
    { key: "TOTAL", count: 0, total: 0 },
  );
}
