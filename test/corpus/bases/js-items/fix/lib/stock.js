/** Items at their minimum or below, fewest first. */
export function lowStock(items) {
  return items.filter(({ count, minimum }) => count <= minimum).sort((a, b) => a.count - b.count);
}
