import { FileError } from "./errors.js";

/**
 * Splits the text of a CSV file into records. Each has the number of its line, from 1, and its fields without quotes
 * and surrounding blanks.
 */
export function readRecords(text, separator) {
  const lines = text.replace(/^\uFEFF/, "").split(/\r?\n/);
  const records = [];
  for (const [index, content] of lines.entries()) {
    if (content.trim() === "") continue;
    const fields = splitFields(content, separator);
    if (!fields) throw new FileError(index + 1, "quoted field is not closed");
    records.push({ line: index + 1, fields });
  }
  return records;
}

/** The separator is the one that the header has more of. */
export function detectSeparator(text) {
  const header = text.split(/\r?\n/, 1)[0];
  return header.split(";").length > header.split(",").length ? ";" : ",";
}

/** `undefined` where a quoted field is still open at the end. */
function splitFields(content, separator) {
  const fields = [];
  let field = "";
  let isQuoted = false;
  for (let at = 0; at < content.length; at += 1) {
    const char = content[at];
    if (isQuoted && char === '"' && content[at + 1] === '"') {
      field += char;
      at += 1;
    } else if (isQuoted) {
      if (char === '"') isQuoted = false;
      else field += char;
    } else if (char === '"' && field.trim() === "") {
      isQuoted = true;
      field = "";
    } else if (char === separator) {
      fields.push(field.trim());
      field = "";
    } else {
      field += char;
    }
  }
  fields.push(field.trim());
  return isQuoted ? undefined : fields;
}
