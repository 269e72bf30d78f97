import { javaRegExp } from './java-regexp.ts';
import { parseJoda } from './joda-format.ts';
import { jsFunction, type JsFunction } from './js-function.ts';
import { splitCsvLine } from './csv-line.ts';
import { ErganeError } from '@ergane/protocol';

const PICOS_PER_MICRO = 1_000_000n;
const PICOS_PER_MILLI = 1_000_000_000n;

/** The text of each group of a Java pattern that the whole line must match; NULL where it does not. */
function groupsOf(line: string, pattern: string): readonly (string | null)[] | null {
  const found = javaRegExp(pattern).exec(line);
  return found === null ? null : Array.from(found.slice(1), (group: string | undefined) => group ?? null);
}

/** A timestamp in the first of some Joda formats that fits the whole text, `millis` among them; NULL where none does. */
function timestampIn(text: string, formats: readonly (string | null)[]): bigint | null {
  for (const format of formats) {
    if (format === null) continue;
    if (format.toLowerCase() === 'millis') {
      const millis = /^(-?\d+)(?:\.\d+)?$/.exec(text)?.[1];
      if (millis !== undefined) return BigInt(millis) * 1000n;
      continue;
    }
    try {
      return (parseJoda(text, format).picos / PICOS_PER_MILLI) * (PICOS_PER_MILLI / PICOS_PER_MICRO);
    } catch (error) {
      if (error instanceof ErganeError) throw error;
    }
  }
  return null;
}

const NUMBER_OR_STRING = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/**
 * JSON in which numbers with a fraction or an exponent have become strings of a mark and their own text: DuckDB reads them as doubles,
 * and of a double nobody knows whether it was 1.5 or 1.50. Canonical is the text of Java's BigDecimal.
 */
function markNumbers(json: string, isCanonical: boolean): string {
  return json.replace(NUMBER_OR_STRING, (token) =>
    token.startsWith('"') || !/[.eE]/.test(token) ? token : `"\\u0001${isCanonical ? canonicalNumber(token) : token}"`,
  );
}

/** As Java's BigDecimal prints it: an exponent only where it was written, in its own form. */
function canonicalNumber(token: string): string {
  const [digits = '', exponent] = token.split(/[eE]/, 2);
  if (exponent === undefined) return digits;
  const fraction = digits.split('.')[1] ?? '';
  const unscaled = digits.replace('.', '').replace(/^(-?)0+(?=\d)/, '$1');
  const length = unscaled.replace('-', '').length;
  const scale = fraction.length - Number(exponent);
  const adjusted = -scale + (length - 1);
  if (scale >= 0 && adjusted >= -6) {
    const sign = unscaled.startsWith('-') ? '-' : '';
    const all = unscaled.replace('-', '').padStart(scale + 1, '0');
    return scale === 0 ? `${sign}${all}` : `${sign}${all.slice(0, -scale)}.${all.slice(-scale)}`;
  }
  const plain = unscaled.replace('-', '');
  const mantissa = plain.length > 1 ? `${plain.slice(0, 1)}.${plain.slice(1)}` : plain;
  return `${unscaled.startsWith('-') ? '-' : ''}${mantissa}E${adjusted >= 0 ? '+' : ''}${adjusted}`;
}

/** What reading text files needs and no DuckDB expression says. */
export const FILE_FUNCTIONS: readonly JsFunction[] = [
  jsFunction('csv_fields', ['VARCHAR', 'VARCHAR', 'VARCHAR', 'VARCHAR'], 'VARCHAR[]', splitCsvLine),
  jsFunction('line_groups', ['VARCHAR', 'VARCHAR'], 'VARCHAR[]', groupsOf),
  jsFunction('hive_timestamp', ['VARCHAR', 'VARCHAR[]'], 'TIMESTAMP', timestampIn),
  jsFunction('json_numbers', ['VARCHAR', 'BOOLEAN'], 'VARCHAR', markNumbers),
];
