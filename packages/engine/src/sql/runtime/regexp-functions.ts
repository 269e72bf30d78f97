import { functionError } from './errors.ts';
import { javaRegExp } from './java-regexp.ts';
import { jsFunction, type JsFunction } from './js-function.ts';

const invalid = (message: string) => functionError('INVALID_FUNCTION_ARGUMENT', message);

/** The matches in a text, looked for from an offset on. */
function matches(text: string, pattern: string, from = 0): RegExpExecArray[] {
  const expression = javaRegExp(pattern);
  if (from === 0) return [...text.matchAll(expression)];
  const found = new RegExp(expression.source, expression.flags.replace('g', '') + 'g');
  found.lastIndex = from;
  return [...text.matchAll(found)];
}

function groupCount(pattern: string): number {
  const source = javaRegExp(pattern).source;
  return (new RegExp(`${source}|`, 'u').exec('')?.length ?? 1) - 1;
}

function checkGroup(pattern: string, group: bigint): number {
  if (group < 0n) throw invalid('Group cannot be negative');
  const count = groupCount(pattern);
  if (group > BigInt(count)) throw invalid(`Pattern has ${count} groups. Cannot access group ${group}`);
  return Number(group);
}

/** `$1`, `${name}`, `\x`: the replacement of one match, as Java's Matcher reads it. */
function expand(replacement: string, match: RegExpMatchArray, groups: number): string {
  let out = '';
  for (let index = 0; index < replacement.length; index++) {
    const character = replacement[index];
    if (character === '\\') {
      index++;
      if (index >= replacement.length) throw invalid(`Illegal replacement sequence: ${replacement}`);
      out += replacement[index];
    } else if (character === '$') {
      const rest = replacement.slice(index + 1);
      const name = /^\{([A-Za-z][A-Za-z0-9]*)\}/.exec(rest);
      const digits = /^\d+/.exec(rest)?.[0];
      if (name) {
        const value = match.groups?.[name[1] ?? ''];
        if (match.groups === undefined || !((name[1] ?? '') in match.groups))
          throw invalid(`Illegal replacement sequence: unknown group { ${name[1]} }`);
        out += value ?? '';
        index += name[0].length;
      } else if (digits !== undefined) {
        let used = 1;
        while (used < digits.length && Number(digits.slice(0, used + 1)) <= groups) used++;
        const group = Number(digits.slice(0, used));
        if (group > groups) throw invalid(`Illegal replacement sequence: unknown group ${group}`);
        out += match[group] ?? '';
        index += used;
      } else {
        throw invalid(`Illegal replacement sequence: ${replacement}`);
      }
    } else {
      out += character;
    }
  }
  return out;
}

function replace(text: string, pattern: string, replacement: string): string {
  const groups = groupCount(pattern);
  let out = '';
  let last = 0;
  for (const match of matches(text, pattern)) {
    out += text.slice(last, match.index) + expand(replacement, match, groups);
    last = (match.index ?? 0) + match[0].length;
  }
  return out + text.slice(last);
}

/** The texts between the matches: one more than there are matches. */
function between(text: string, pattern: string): string[] {
  const parts: string[] = [];
  let last = 0;
  for (const match of matches(text, pattern)) {
    parts.push(text.slice(last, match.index));
    last = (match.index ?? 0) + match[0].length;
  }
  return [...parts, text.slice(last)];
}

function position(text: string, pattern: string, start: bigint, occurrence: bigint): number {
  if (start < 1n) throw invalid('start position cannot be smaller than 1');
  if (occurrence < 1n) throw invalid('occurrence cannot be smaller than 1');
  const characters = [...text];
  if (start > BigInt(characters.length)) return -1;
  const offset = characters.slice(0, Number(start) - 1).join('').length;
  const found = matches(text, pattern, offset)[Number(occurrence) - 1];
  return found ? [...text.slice(0, found.index)].length + 1 : -1;
}

/** Regular expressions of Java's kind. */
export const REGEXP_FUNCTIONS: readonly JsFunction[] = [
  jsFunction('regexp_like', ['VARCHAR', 'VARCHAR'], 'BOOLEAN', (text, pattern) => javaRegExp(pattern).test(text)),
  jsFunction('regexp_count', ['VARCHAR', 'VARCHAR'], 'BIGINT', (text, pattern) =>
    BigInt(matches(text, pattern).length),
  ),
  jsFunction('regexp_extract', ['VARCHAR', 'VARCHAR', 'BIGINT'], 'VARCHAR', (text, pattern, group) => {
    const index = checkGroup(pattern, group);
    return javaRegExp(pattern).exec(text)?.[index] ?? null;
  }),
  jsFunction('regexp_extract_all', ['VARCHAR', 'VARCHAR', 'BIGINT'], 'VARCHAR[]', (text, pattern, group) => {
    const index = checkGroup(pattern, group);
    return matches(text, pattern).map((match) => match[index] ?? null);
  }),
  jsFunction('regexp_split', ['VARCHAR', 'VARCHAR'], 'VARCHAR[]', between),
  jsFunction('regexp_replace', ['VARCHAR', 'VARCHAR', 'VARCHAR'], 'VARCHAR', replace),
  jsFunction('regexp_position', ['VARCHAR', 'VARCHAR', 'BIGINT', 'BIGINT'], 'INTEGER', position),
  jsFunction('regexp_groups', ['VARCHAR', 'VARCHAR'], 'VARCHAR[][]', (text, pattern) =>
    matches(text, pattern).map((match) => match.slice(1).map((group) => group ?? null)),
  ),
  jsFunction('interleave', ['VARCHAR[]', 'VARCHAR[]'], 'VARCHAR', (texts, values) => {
    if (values.some((value) => value === null)) return null;
    return texts.map((text, index) => (text ?? '') + (values[index] ?? '')).join('');
  }),
];
