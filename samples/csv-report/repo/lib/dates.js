const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;
const MONTH = /^\d{4}-(0[1-9]|1[0-2])$/;

/** Whether the text is a day that exists, as year-month-day. */
export function isDay(text) {
  const match = DAY.exec(text);
  if (!match) return false;
  const [, year, month, day] = match.map(Number);
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

export function isMonth(text) {
  return MONTH.test(text);
}

export function monthOf(day) {
  return day.slice(0, 7);
}
