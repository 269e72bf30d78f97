import type { TableDefinition } from '../../metastore/metastore.ts';
import { duckdbType } from '../../sql/types/physical-type.ts';
import type { TrinoType } from '../../sql/trino-type.ts';
import type { FileColumn } from '../file-relation.ts';
import { quoteText } from '../quote.ts';
import { mapOfEntries } from './lazy-simple-source.ts';
import { lineMark } from './hive-value.ts';
import { memberNamed, type KeyOptions } from './json-keys.ts';

/** How a SerDe makes values of JSON. */
export interface JsonValues {
  /** the value of a column: of `json`, `keys`, `lowered` and `line` of its row */
  column(column: FileColumn, index: number): string;
}

export interface Place {
  readonly type: TrinoType;
  readonly depth: number;
  readonly column: string;
}

/** What both SerDes do alike: nested values, and errors that name the place. Numbers that were marked have lost their mark in `text`. */
export abstract class JsonReader implements JsonValues {
  protected readonly properties: Readonly<Record<string, string>>;
  readonly #file: string;

  constructor(table: TableDefinition, file: string) {
    this.properties = table.storage.serdeProperties;
    this.#file = file;
  }

  abstract column(column: FileColumn, index: number): string;

  /** a value that is not nested */
  protected abstract scalar(json: string, place: Place): string;
  /** what stands for an array, a map or a row where the JSON is something else */
  protected abstract otherwise(json: string, place: Place): string;
  protected abstract keys(): KeyOptions;

  protected value(json: string, place: Place): string {
    const { type } = place;
    if (type.kind === 'array') return this.#either(json, 'ARRAY', this.#array(json, place, type.element), place);
    if (type.kind === 'map') return this.#either(json, 'OBJECT', this.#map(json, place, type), place);
    if (type.kind === 'row') return this.#either(json, 'OBJECT', this.row(json, place), place);
    return this.scalar(json, place);
  }

  protected row(json: string, place: Place): string {
    if (place.type.kind !== 'row') return 'NULL';
    const fields = place.type.fields.map((field, index) => {
      const member = memberNamed(json, field.name ?? '', this.keys());
      return `'f${index}': ${this.value(member, { ...place, type: field.type })}`;
    });
    return `{${fields.join(', ')}}`;
  }

  protected text(json: string): string {
    return `ltrim(${json} ->> '$', chr(1))`;
  }

  protected failure(json: string, { type, column }: Place): string {
    const problem = quoteText(` is no ${type.kind} of column ${column} in file `);
    const shown = `regexp_replace(left(CAST(${json} AS VARCHAR), 100), '"?\\\\u0001([^"]*)"', '\\1', 'g')`;
    return `error('FILE_INVALID: ' || ${shown} || ${problem} || ${this.#file} || ${lineMark('line')})`;
  }

  #either(json: string, kind: string, value: string, place: Place): string {
    return `CASE coalesce(json_type(${json}), 'NULL') WHEN 'NULL' THEN NULL WHEN '${kind}' THEN ${value} ELSE ${this.otherwise(json, place)} END`;
  }

  #array(json: string, place: Place, element: TrinoType): string {
    const item = `j${place.depth}`;
    const value = this.value(item, { ...place, type: element, depth: place.depth + 1 });
    return `CAST(list_transform(json_extract(${json}, '$[*]'), lambda ${item}: ${value}) AS ${duckdbType(place.type)})`;
  }

  #map(json: string, place: Place, type: Extract<TrinoType, { readonly kind: 'map' }>): string {
    const item = `j${place.depth}`;
    const inner = { ...place, depth: place.depth + 1 };
    const key = this.value(`to_json(${item}[1])`, { ...inner, type: type.key });
    const value = this.value(`CAST(${item}[2] AS JSON)`, { ...inner, type: type.value });
    const pairs = `list_zip(json_keys(${json}), json_extract(${json}, '$.*'))`;
    const entries = `list_transform(${pairs}, lambda ${item}: {'key': ${key}, 'value': ${value}})`;
    return mapOfEntries(entries, type, 'last');
  }
}
