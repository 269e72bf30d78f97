import { ErganeError } from '@ergane/protocol';
import type { TrinoType } from '../sql/trino-type.ts';

/** Hive's plain names; `timestamp` has Athena's three digits. */
const PLAIN: Readonly<Record<string, TrinoType>> = {
  boolean: { kind: 'boolean' },
  tinyint: { kind: 'tinyint' },
  smallint: { kind: 'smallint' },
  int: { kind: 'integer' },
  integer: { kind: 'integer' },
  bigint: { kind: 'bigint' },
  float: { kind: 'real' },
  real: { kind: 'real' },
  double: { kind: 'double' },
  string: { kind: 'varchar' },
  varchar: { kind: 'varchar' },
  binary: { kind: 'varbinary' },
  date: { kind: 'date' },
  timestamp: { kind: 'timestamp', precision: 3 },
};

/**
 * The Trino type of Hive's type text (https://docs.aws.amazon.com/athena/latest/ug/data-types.html), such as
 * `map<string,array<struct<a:int,b:decimal(10,2)>>>`.
 * @throws ErganeError TYPE_MISMATCH that names the text and the place in it
 */
export function parseHiveType(text: string): TrinoType {
  const parser = new HiveTypeParser(text);
  const type = parser.type();
  parser.end();
  return type;
}

class HiveTypeParser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  type(): TrinoType {
    const name = this.#word().toLowerCase();
    switch (name) {
      case 'array':
        return { kind: 'array', element: this.#inside(() => this.type()) };
      case 'map':
        return this.#inside(() => {
          const key = this.type();
          this.#expect(',');
          return { kind: 'map', key, value: this.type() };
        });
      case 'struct':
        return { kind: 'row', fields: this.#inside(() => this.#list(() => this.#field(), ',')) };
      case 'decimal':
      case 'numeric': {
        const [precision = 10, scale = 0] = this.#numbers();
        if (precision < 1 || precision > 38 || scale > precision)
          this.#fail('a precision of 1 to 38 and a scale in it');
        return { kind: 'decimal', precision, scale };
      }
      case 'char':
        return { kind: 'char', length: this.#numbers()[0] ?? 1 };
      case 'varchar': {
        const [length] = this.#numbers();
        return length === undefined ? { kind: 'varchar' } : { kind: 'varchar', length };
      }
      default: {
        const plain = Object.hasOwn(PLAIN, name) ? PLAIN[name] : undefined;
        return (
          plain ?? this.#fail('a type such as int, string, decimal(10,2), array<int>, map<string,int> or struct<a:int>')
        );
      }
    }
  }

  end(): void {
    this.#blanks();
    if (this.#at < this.#text.length) this.#fail('the end');
  }

  #field(): { readonly name: string; readonly type: TrinoType } {
    const name = this.#word();
    this.#expect(':');
    return { name: name.toLowerCase(), type: this.type() };
  }

  #inside<Result>(read: () => Result): Result {
    this.#expect('<');
    const result = read();
    this.#expect('>');
    return result;
  }

  #list<Item>(read: () => Item, separator: string): readonly Item[] {
    const items = [read()];
    while (this.#skip(separator)) items.push(read());
    return items;
  }

  #numbers(): readonly number[] {
    if (!this.#skip('(')) return [];
    const numbers = this.#list(() => Number(/^\d+$/.exec(this.#word())?.[0] ?? this.#fail('a number')), ',');
    this.#expect(')');
    return numbers;
  }

  #word(): string {
    this.#blanks();
    const rest = this.#text.slice(this.#at);
    const word = /^`[^`]+`|^[\p{L}\p{N}_$ -]*[\p{L}\p{N}_$]/u.exec(rest)?.[0];
    if (word === undefined) return this.#fail('a name');
    this.#at += word.length;
    return word.startsWith('`') ? word.slice(1, -1) : word.trim();
  }

  #skip(mark: string): boolean {
    this.#blanks();
    if (!this.#text.startsWith(mark, this.#at)) return false;
    this.#at += mark.length;
    return true;
  }

  #expect(mark: string): void {
    if (!this.#skip(mark)) this.#fail(`"${mark}"`);
  }

  #blanks(): void {
    while (/\s/.test(this.#text[this.#at] ?? '')) this.#at++;
  }

  #fail(expected: string): never {
    throw new ErganeError(
      'TYPE_MISMATCH',
      `"${this.#text}" is no type of a table on S3: at character ${this.#at + 1} it needs ${expected}`,
    );
  }
}
