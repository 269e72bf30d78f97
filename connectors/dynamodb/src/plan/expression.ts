import type { WireItem, WireValue } from '../wire.ts';

/** Placeholders of one request: names so that no word is reserved, values so that none is text in the expression. */
export class Placeholders {
  private names = new Map<string, string>();
  private values: readonly WireValue[] = [];

  name(attribute: string): string {
    const known = this.names.get(attribute);
    if (known !== undefined) return known;
    const name = `#n${this.names.size}`;
    this.names.set(attribute, name);
    return name;
  }

  value(value: WireValue): string {
    this.values = [...this.values, value];
    return `:v${this.values.length - 1}`;
  }

  /** Runs `make`; when it answers undefined, its placeholders are taken back, because DynamoDB refuses what no expression uses. */
  attempt<Made>(make: () => Made | undefined): Made | undefined {
    const { names, values } = this;
    this.names = new Map(names);
    const made = make();
    if (made !== undefined) return made;
    this.names = names;
    this.values = values;
    return undefined;
  }

  /** The same placeholders, to which one request adds its own. */
  copy(): Placeholders {
    const copy = new Placeholders();
    copy.names = new Map(this.names);
    copy.values = this.values;
    return copy;
  }

  /** The members of a request; DynamoDB refuses them when they are empty. */
  toInput(): {
    readonly ExpressionAttributeNames?: Record<string, string>;
    readonly ExpressionAttributeValues?: WireItem;
  } {
    const names = [...this.names].map(([attribute, name]) => [name, attribute] as const);
    const values = this.values.map((value, index) => [`:v${index}`, value] as const);
    return {
      ...(names.length > 0 && { ExpressionAttributeNames: Object.fromEntries(names) }),
      ...(values.length > 0 && { ExpressionAttributeValues: Object.fromEntries(values) }),
    };
  }
}

/** AWS: the longest expression, in bytes. */
export const LONGEST_EXPRESSION = 4096;
