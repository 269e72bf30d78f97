import { ErganeError } from '@ergane/protocol';
import type { TableDefinition } from '../../metastore/metastore.ts';
import { duckdbType } from '../../sql/types/physical-type.ts';
import type { TrinoType } from '../../sql/trino-type.ts';
import type { FileColumn, FileSource } from '../file-relation.ts';
import { quoteText } from '../quote.ts';
import { hiveValue, timestampFormats, type ValueOptions } from './hive-value.ts';
import { escapePattern, separatorOf, textLines } from './text-lines.ts';

/**
 * LazySimpleSerDe (https://docs.aws.amazon.com/athena/latest/ug/lazy-simple-serde.html): fields between separators of one character, no
 * quotes. What is no value of its column's type is NULL, and so is a field that a line lacks; more fields than columns are ignored.
 */
export function lazySimpleSource(
  table: TableDefinition,
  columns: readonly FileColumn[],
  paths: readonly string[],
): FileSource {
  const reader = new LazyReader(table);
  const fields = reader.split('line', 0);
  return {
    from: `(SELECT ${fields} AS fields, file_index FROM ${textLines(table, paths)})`,
    column({ name, type }, index) {
      const isRest = reader.lastTakesRest && index === columns.length - 1;
      const field = isRest
        ? `CASE WHEN len(fields) > ${index} THEN array_to_string(fields[${index + 1}:], ${quoteText(reader.separator(0))}) END`
        : `fields[${index + 1}]`;
      return reader.value(field, { type, depth: 1, column: name });
    },
  };
}

/** Hive's separators from outside in, without those that are line ends and the like. */
const DEFAULT_SEPARATORS = [
  1, 2, 3, 4, 5, 6, 7, 8, 11, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 28, 29, 30, 31,
];

interface Place {
  readonly type: TrinoType;
  /** which separator divides it */
  readonly depth: number;
  readonly column: string;
}

class LazyReader {
  readonly lastTakesRest: boolean;
  readonly #separators: readonly string[];
  readonly #escape: string | undefined;
  readonly #nullText: string;
  readonly #options: ValueOptions;

  constructor(table: TableDefinition) {
    const properties = table.storage.serdeProperties;
    this.lastTakesRest = /^true$/i.test(properties['serialization.last.column.takes.rest'] ?? '');
    this.#separators = [
      separatorOf(table, ['field.delim', 'serialization.format'], '\u0001'),
      // Hive once misspelt it: HIVE-16922
      separatorOf(table, ['collection.delim', 'colelction.delim'], '\u0002'),
      separatorOf(table, ['mapkey.delim'], '\u0003'),
      ...DEFAULT_SEPARATORS.slice(3).map((code) => String.fromCharCode(code)),
    ];
    this.#escape = properties['escape.delim'] === undefined ? undefined : separatorOf(table, ['escape.delim'], '\\');
    this.#nullText = properties['serialization.null.format'] ?? '\\N';
    this.#options = { timestampFormats: timestampFormats(properties), truncates: true };
    checkLines(table);
  }

  separator(depth: number): string {
    const separator = this.#separators[depth];
    if (separator === undefined) throw new ErganeError('NOT_SUPPORTED', 'types of text files are nested too deeply');
    return separator;
  }

  /** A list of the pieces between separators that are not escaped; the pieces keep their escapes. */
  split(text: string, depth: number): string {
    const separator = this.separator(depth);
    if (this.#escape === undefined) return `string_split(${text}, ${quoteText(separator)})`;
    const mark = escapePattern(separator);
    const escape = escapePattern(this.#escape);
    const piece = quoteText(`((?s:[^${mark}${escape}]|${escape}.)*)${mark}`);
    // an escape at the end stands for itself, not for an escaped separator
    const odd = quoteText(`(?s)^(?:[^${escape}]|${escape}.)*${escape}$`);
    const whole = `(${text} || CASE WHEN regexp_matches(${text}, ${odd}) THEN ${quoteText(this.#escape)} ELSE '' END || ${quoteText(separator)})`;
    return `CASE WHEN contains(${text}, ${quoteText(this.#escape)}) THEN regexp_extract_all(${whole}, ${piece}, 1) ELSE string_split(${text}, ${quoteText(separator)}) END`;
  }

  /** The value of a piece of text. */
  value(text: string, place: Place): string {
    const given = `nullif(${text}, ${quoteText(this.#nullText)})`;
    const { type, depth } = place;
    if (type.kind === 'array') return this.#array(given, place, type.element);
    if (type.kind === 'map') return this.#map(given, place, type);
    if (type.kind === 'row') {
      const fields = type.fields.map((field, index) => {
        const inner = { type: field.type, depth: depth + 1, column: place.column };
        return `'f${index}': ${this.value(`(${this.split(given, depth)})[${index + 1}]`, inner)}`;
      });
      return `CASE WHEN ${given} IS NOT NULL THEN {${fields.join(', ')}} END`;
    }
    return hiveValue(
      type.kind === 'varchar' || type.kind === 'char' ? this.#unescape(given) : given,
      type,
      this.#options,
    );
  }

  #array(text: string, place: Place, element: TrinoType): string {
    const item = `e${place.depth}`;
    const value = this.value(item, { ...place, type: element, depth: place.depth + 1 });
    const list = `list_transform(${this.split(text, place.depth)}, lambda ${item}: ${value})`;
    return `CASE ${text} WHEN '' THEN CAST([] AS ${duckdbType(place.type)}) ELSE ${list} END`;
  }

  #map(text: string, place: Place, type: Extract<TrinoType, { readonly kind: 'map' }>): string {
    const item = `e${place.depth}`;
    const parts = `(${this.split(item, place.depth + 1)})`;
    const inner = { ...place, depth: place.depth + 2 };
    const key = this.value(`${parts}[1]`, { ...inner, type: type.key });
    // what follows the first separator is the value, further separators of that kind are dropped
    const value = this.value(`${parts}[2]`, { ...inner, type: type.value });
    const entries = `list_transform(${this.split(text, place.depth)}, lambda ${item}: {'key': ${key}, 'value': ${value}})`;
    return `CASE ${text} WHEN '' THEN CAST(map([], []) AS ${duckdbType(place.type)}) ELSE ${mapOfEntries(entries, type, 'first')} END`;
  }

  #unescape(text: string): string {
    if (this.#escape === undefined) return text;
    const escape = escapePattern(this.#escape);
    return `regexp_replace(${text}, ${quoteText(`(?s)${escape}(.)`)}, '\\1', 'g')`;
  }
}

/** A map of a list of entries: those without a key are left out, and of two with the same key one. */
export function mapOfEntries(
  entries: string,
  type: Extract<TrinoType, { readonly kind: 'map' }>,
  kept: 'first' | 'last',
): string {
  const given = `list_filter(${kept === 'first' ? entries : `list_reverse(${entries})`}, lambda entry: entry.key IS NOT NULL)`;
  const once = `list_filter(${given}, lambda entry, position: list_position(list_transform(${given}, lambda other: other.key), entry.key) = position)`;
  return `CAST(map_from_entries(${kept === 'first' ? once : `list_reverse(${once})`}) AS ${duckdbType(type)})`;
}

function checkLines(table: TableDefinition): void {
  const line = table.storage.serdeProperties['line.delim'];
  if (line === undefined || line === '\n' || line === '10') return;
  throw new ErganeError('NOT_SUPPORTED', `LINES TERMINATED BY of table ${table.name} must be '\\n', as in Athena`, {
    where: { table: table.name, setting: 'line.delim' },
  });
}
