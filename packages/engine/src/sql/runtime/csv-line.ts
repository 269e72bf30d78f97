/**
 * The fields of one line as OpenCSVSerde reads them. A quote within a field that does not end it stays, a doubled or escaped one
 * stands for itself, a field whose quote is never closed is lost; an escape before any other character vanishes. Empty separator, quote
 * or escape: there is none.
 */
export function splitCsvLine(line: string, separator: string, quote: string, escape: string): readonly string[] {
  const fields: string[] = [];
  let field = '';
  let inQuotes = false;
  let inField = false;
  for (let at = 0; at < line.length; at++) {
    const character = line.charAt(at);
    const next = line.charAt(at + 1);
    if (character === escape) {
      if ((inQuotes || inField) && next !== '' && (next === quote || next === escape)) {
        field += next;
        at++;
      }
    } else if (character === quote) {
      if ((inQuotes || inField) && next === quote) {
        field += next;
        at++;
      } else {
        if (isInside(line, at, separator)) field = field !== '' && field.trim() === '' ? '' : field + character;
        inQuotes = !inQuotes;
      }
      inField = !inField;
    } else if (character === separator && !inQuotes) {
      fields.push(field);
      field = '';
      inField = false;
    } else {
      field += character;
      inField = true;
    }
  }
  return inQuotes ? fields : [...fields, field];
}

/** The SerDe takes a quote for text when no separator is beside it, though never among a line's first three characters. */
function isInside(line: string, at: number, separator: string): boolean {
  return at > 2 && line.charAt(at - 1) !== separator && at + 1 < line.length && line.charAt(at + 1) !== separator;
}
