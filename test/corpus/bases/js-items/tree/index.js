export { toCsv } from "./lib/csv.js";
export { shelfLabel } from "./lib/label.js";
export { reorder } from "./lib/order.js";
export { lowStock } from "./lib/stock.js";
