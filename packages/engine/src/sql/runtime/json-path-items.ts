import { printDouble } from './number-text.ts';
import type { JsonTree } from './json-tree.ts';

/** A path that cannot be followed: in strict mode a missing member, in both a wrong type in arithmetic. */
export class PathError extends Error {}

type NumberTree = Extract<JsonTree, { kind: 'number' }>;

export const double = (value: number): JsonTree => ({ kind: 'number', text: printDouble(value) });

export function checked(item: JsonTree): NumberTree {
  if (item.kind !== 'number') throw new PathError('invalid item type. Expected: NUMBER');
  return item;
}

export const numeric = (item: JsonTree): number => Number(checked(item).text);

/** A whole number or a decimal: its digits without the point, and how many stand behind it. Undefined for a double. */
function exactOf({ text, exact }: NumberTree): { readonly unscaled: bigint; readonly scale: number } | undefined {
  if (!/^-?\d+$/.test(text) && !exact) return undefined;
  const [whole = '0', fraction = ''] = text.split('.');
  return { unscaled: BigInt(whole + fraction), scale: fraction.length };
}

function exact(unscaled: bigint, scale: number): JsonTree {
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, '0');
  if (digits.length > 38) throw new PathError('Decimal overflow');
  const text = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
  return { kind: 'number', text: unscaled < 0n ? `-${text}` : text, exact: true };
}

/** Whole numbers overflow as Trino's integer, or bigint where one of them is. */
function whole(value: bigint, ...from: readonly bigint[]): JsonTree {
  const isInteger = from.every((each) => each === BigInt.asIntN(32, each));
  const bits = isInteger ? 32 : 64;
  if (value !== BigInt.asIntN(bits, value)) throw new PathError(`${isInteger ? 'integer' : 'bigint'} overflow`);
  return { kind: 'number', text: value.toString() };
}

/** `a op b` as SQL has it: of whole numbers, of decimals, and of doubles where one is. */
export function arithmetic(operator: string, left: JsonTree, right: JsonTree): JsonTree {
  const [a, b] = [checked(left), checked(right)];
  const [x, y] = [exactOf(a), exactOf(b)];
  if (!x || !y) return ofDoubles(operator, Number(a.text), Number(b.text));
  if ((operator === '/' || operator === '%') && y.unscaled === 0n) throw new PathError('Division by zero');
  if (x.scale === 0 && y.scale === 0) return ofWhole(operator, x.unscaled, y.unscaled);
  const scale = Math.max(x.scale, y.scale);
  const [m, n] = [x.unscaled * 10n ** BigInt(scale - x.scale), y.unscaled * 10n ** BigInt(scale - y.scale)];
  switch (operator) {
    case '+':
      return exact(m + n, scale);
    case '-':
      return exact(m - n, scale);
    case '*':
      return exact(x.unscaled * y.unscaled, x.scale + y.scale);
    case '/':
      return exact(roundedQuotient(m * 10n ** BigInt(scale), n), scale);
    default:
      return exact(m % n, scale);
  }
}

function ofWhole(operator: string, x: bigint, y: bigint): JsonTree {
  switch (operator) {
    case '+':
      return whole(x + y, x, y);
    case '-':
      return whole(x - y, x, y);
    case '*':
      return whole(x * y, x, y);
    case '/':
      return whole(x / y, x, y);
    default:
      return whole(x % y, x, y);
  }
}

function ofDoubles(operator: string, x: number, y: number): JsonTree {
  switch (operator) {
    case '+':
      return double(x + y);
    case '-':
      return double(x - y);
    case '*':
      return double(x * y);
    case '/':
      return double(x / y);
    default:
      return double(x % y);
  }
}

/** Rounded half away from zero. */
function roundedQuotient(a: bigint, b: bigint): bigint {
  const size = (value: bigint) => (value < 0n ? -value : value);
  const quotient = (2n * size(a) + size(b)) / (2n * size(b));
  return a < 0n === b < 0n ? quotient : -quotient;
}

export function negated(item: JsonTree): JsonTree {
  const number = checked(item);
  const value = exactOf(number);
  if (!value) return double(-Number(number.text));
  return value.scale === 0 ? whole(-value.unscaled, value.unscaled) : exact(-value.unscaled, value.scale);
}

/** `type()`, `size()`, `double()`, `ceiling()`, `floor()` and `abs()`. */
export function methodOf(item: JsonTree, name: string): JsonTree {
  switch (name) {
    case 'type':
      return { kind: 'string', text: item.kind };
    case 'size':
      return { kind: 'number', text: String(item.kind === 'array' ? item.items.length : 1) };
    case 'double':
      return toDouble(item);
    case 'abs':
      return checked(item).text.startsWith('-') ? negated(item) : item;
    default:
      return rounded(checked(item), name === 'ceiling');
  }
}

function toDouble(item: JsonTree): JsonTree {
  const text = item.kind === 'string' ? item.text.trim() : checked(item).text;
  const value = text === '' ? NaN : Number(text);
  if (Number.isNaN(value)) throw new PathError('the item cannot be cast to double');
  return double(value);
}

function rounded(number: NumberTree, up: boolean): JsonTree {
  const value = exactOf(number);
  if (!value) return double(up ? Math.ceil(Number(number.text)) : Math.floor(Number(number.text)));
  if (value.scale === 0) return number;
  const unit = 10n ** BigInt(value.scale);
  const truncated = value.unscaled / unit;
  const rest = value.unscaled % unit;
  return exact(truncated + (up && rest > 0n ? 1n : !up && rest < 0n ? -1n : 0n), 0);
}

/** `keyvalue()`: an object for each member. */
export function keyValues(item: JsonTree): readonly JsonTree[] {
  if (item.kind !== 'object') throw new PathError('invalid item type. Expected: OBJECT');
  return item.members.map(([name, value]) => ({
    kind: 'object',
    members: [
      ['name', { kind: 'string', text: name }],
      ['value', value],
      ['id', { kind: 'number', text: '0' }],
    ],
  }));
}
