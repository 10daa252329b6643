// The search language of `GET actions/runs?created=`.

/** GitHub's date search: `>=D`, `>D`, `<=D`, `<D`, `A..B` or a day. */
export function createdWithin(at: string, search: string): boolean {
  const moment = (text: string, otherwise: number) =>
    text === "*" || text === "" ? otherwise : Date.parse(text);
  const created = Date.parse(at);
  const range = /^(.*)\.\.(.*)$/.exec(search);
  if (range) return created >= moment(range[1] ?? "", 0) && created <= moment(range[2] ?? "", Infinity);
  const [, sign = "", date = ""] = /^(>=|<=|>|<)?(.*)$/.exec(search) ?? [];
  const limit = moment(date, 0);
  if (sign === ">=") return created >= limit;
  if (sign === ">") return created > limit;
  if (sign === "<=") return created <= limit;
  return sign === "<" ? created < limit : at.startsWith(date);
}
