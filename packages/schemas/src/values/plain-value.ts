/** A number with all its digits, where a JavaScript number might lose some. */
export class NumberText {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
  toString(): string {
    return this.text;
  }
}

/** A value of a document, such as JSON has, with dates, bytes and exact numbers beside. */
export type PlainValue =
  | null
  | boolean
  | string
  | number
  | bigint
  | NumberText
  | Date
  | Uint8Array
  | readonly PlainValue[]
  | { readonly [member: string]: PlainValue };

export type PlainDocument = Readonly<Record<string, PlainValue>>;

export function isList(value: PlainValue): value is readonly PlainValue[] {
  return Array.isArray(value);
}

export function isDocument(value: PlainValue): value is PlainDocument {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof NumberText) &&
    !(value instanceof Date) &&
    !(value instanceof Uint8Array)
  );
}

/** The text of a number in decimal; undefined: it is none. */
export function numberText(value: PlainValue): string | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  return value instanceof NumberText ? value.text : undefined;
}
