/** Items of which too few are left, fewest first. */
export function lowStock(items) {
  return items.filter(({ count, minimum }) => count < minimum).sort((a, b) => a.count - b.count);
}
