import { ErganeError } from '@ergane/protocol';
import type { ColumnType, RowField, ScalarName } from './column-type.ts';

const SCALARS: Readonly<Record<string, ScalarName>> = {
  boolean: 'boolean',
  tinyint: 'tinyint',
  smallint: 'smallint',
  int: 'integer',
  integer: 'integer',
  bigint: 'bigint',
  real: 'real',
  float: 'real',
  double: 'double',
  string: 'varchar',
  varchar: 'varchar',
  char: 'varchar',
  json: 'varchar',
  binary: 'varbinary',
  varbinary: 'varbinary',
  date: 'date',
  timestamp: 'timestamp',
};

const TOKEN = /\s*(?:([<>(),:])|"((?:[^"]|"")*)"|((?:[^\s<>(),:\\"]|\\.)+))/y;

interface Token {
  readonly text: string;
  readonly punctuation: boolean;
}

/**
 * Parses a type as Glue writes it (`struct<a:array<int>>`, `set<string>`, backslash escapes in names; protocol reference, section 7.4) or as
 * Athena does (`row(a array(integer))`, `map(varchar, double)`).
 * @throws ErganeError CONFIG_INVALID
 */
export function parseColumnType(text: string): ColumnType {
  const reader = makeReader(text);
  const type = readType(reader);
  if (reader.peek() !== undefined) throw reader.fail(`unexpected "${reader.peek()?.text ?? ''}"`);
  return type;
}

interface Reader {
  peek(): Token | undefined;
  next(): Token;
  /** Takes one of the punctuation marks. */
  take(marks: string): string;
  fail(what: string): ErganeError;
}

function makeReader(text: string): Reader {
  const fail = (what: string): ErganeError =>
    new ErganeError('CONFIG_INVALID', `"${text}" is no type: ${what}`, { where: { type: text } });
  const tokens = tokenize(text, fail);
  let at = 0;
  const next = (): Token => {
    const token = tokens[at++];
    if (token === undefined) throw fail('it ends too early');
    return token;
  };
  return {
    peek: () => tokens[at],
    next,
    take(marks) {
      const token = next();
      if (!token.punctuation || !marks.includes(token.text)) throw fail(`"${token.text}" in place of ${marks}`);
      return token.text;
    },
    fail,
  };
}

function tokenize(text: string, fail: (what: string) => ErganeError): readonly Token[] {
  const tokens: Token[] = [];
  const trimmed = text.trimEnd();
  for (let at = 0; at < trimmed.length;) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(trimmed);
    if (match === null) throw fail(`what is "${trimmed.slice(at)}"?`);
    const [, mark, quoted, word] = match;
    const name = quoted?.replaceAll('""', '"') ?? word?.replace(/\\(.)/g, '$1');
    tokens.push({ text: mark ?? name ?? '', punctuation: mark !== undefined });
    at = TOKEN.lastIndex;
  }
  return tokens;
}

function readType(reader: Reader): ColumnType {
  const { text, punctuation } = reader.next();
  const name = text.toLowerCase();
  if (punctuation) throw reader.fail(`"${text}" in place of a type's name`);
  if (name === 'decimal' || name === 'numeric') return readDecimal(reader);
  if (name === 'array' || name === 'set') return { kind: 'array', element: readArguments(reader, 1)[0] ?? TEXT };
  if (name === 'map') return readMap(reader);
  if (name === 'struct' || name === 'row') return readRow(reader);
  const scalar = SCALARS[name];
  if (scalar === undefined) throw reader.fail(`there is no type "${text}" here`);
  if (reader.peek()?.text === '(') readNumbers(reader);
  return { kind: scalar };
}

const TEXT: ColumnType = { kind: 'varchar' };

function readDecimal(reader: Reader): ColumnType {
  const [precision = 38, scale] = reader.peek()?.text === '(' ? readNumbers(reader) : [38, 18];
  const found = { kind: 'decimal', precision, scale: scale ?? 0 } as const;
  if (precision < 1 || precision > 38 || found.scale > precision)
    throw reader.fail('a decimal has 1 to 38 digits, and no more of them after the point');
  return found;
}

function readNumbers(reader: Reader): readonly number[] {
  const numbers: number[] = [];
  reader.take('(');
  do {
    const { text } = reader.next();
    if (!/^\d+$/.test(text)) throw reader.fail(`"${text}" in place of a number`);
    numbers.push(Number(text));
  } while (reader.take(',)') === ',');
  return numbers;
}

function readArguments(reader: Reader, count: number): readonly ColumnType[] {
  const types: ColumnType[] = [];
  reader.take('<(');
  do types.push(readType(reader));
  while (reader.take(',>)') === ',');
  if (types.length !== count) throw reader.fail(`${count} types are needed in the brackets`);
  return types;
}

function readMap(reader: Reader): ColumnType {
  const [key, value] = readArguments(reader, 2);
  if (key?.kind !== 'varchar') throw reader.fail('keys of maps are strings');
  return { kind: 'map', value: value ?? TEXT };
}

function readRow(reader: Reader): ColumnType {
  const fields: RowField[] = [];
  reader.take('<(');
  do {
    const name = reader.next();
    if (name.punctuation) throw reader.fail(`"${name.text}" in place of a field's name`);
    if (reader.peek()?.text === ':') reader.take(':');
    fields.push({ name: name.text, type: readType(reader) });
  } while (reader.take(',>)') === ',');
  const distinct = new Set(fields.map((field) => field.name.toLowerCase()));
  if (distinct.size < fields.length) throw reader.fail('two fields have one name');
  return { kind: 'row', fields };
}
