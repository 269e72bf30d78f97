import type { ColumnType } from './column-type.ts';
import { mergeShapes } from './shape.ts';
import type { Shape, ShapeKind } from './shape.ts';

/** More members than this are keys of a map rather than fields of a row. */
const MAX_ROW_FIELDS = 256;
const DECIMAL_DIGITS = 38;
/** Decimal places that AWS's connectors give every number. */
const USUAL_SCALE = 9;

const TEXT: ColumnType = { kind: 'varchar' };
const NUMBERS: readonly ShapeKind[] = ['integer', 'double', 'number'];

/**
 * The type that holds everything that was seen. `complete`: the sample was the whole table, so numbers need no room for more decimal
 * places. What has no type in common is varchar: text as it is, everything else as JSON.
 */
export function inferType(shape: Shape, complete: boolean): ColumnType {
  const kinds = [...shape.kinds.keys()];
  if (kinds.length > 0 && kinds.every((kind) => NUMBERS.includes(kind))) return inferNumber(shape, complete);
  const [kind, ...others] = kinds;
  if (kind === undefined || others.length > 0) return TEXT;
  switch (kind) {
    case 'boolean':
    case 'timestamp':
      return { kind };
    case 'binary':
      return { kind: 'varbinary' };
    case 'list':
      return { kind: 'array', element: shape.element === undefined ? TEXT : inferType(shape.element, complete) };
    case 'map':
      return inferMap(shape, complete);
    case 'text':
    case 'integer':
    case 'double':
    case 'number':
      return TEXT;
  }
}

/**
 * Integers alone are bigint, doubles double (integers among them too, where all are exact as doubles). Else DECIMAL(38, s) where 38 digits
 * hold every number; else double where that is exact, else varchar, which keeps all digits.
 */
function inferNumber({ kinds, integerDigits, scale, doubles }: Shape, complete: boolean): ColumnType {
  if (!kinds.has('number')) {
    if (!kinds.has('double')) return { kind: 'bigint' };
    if (doubles || !kinds.has('integer')) return { kind: 'double' };
  }
  if (integerDigits + scale > DECIMAL_DIGITS) return { kind: doubles ? 'double' : 'varchar' };
  const roomy = complete || scale <= 2 ? scale : Math.max(scale, Math.min(USUAL_SCALE, DECIMAL_DIGITS - integerDigits));
  return { kind: 'decimal', precision: DECIMAL_DIGITS, scale: roomy };
}

function inferMap({ members }: Shape, complete: boolean): ColumnType {
  const names = [...members.keys()].sort();
  const distinct = new Set(names.map((name) => name.toLowerCase()));
  // SQL cannot tell members apart that differ only in case, nor name one that is empty
  if (distinct.size < names.length || distinct.has('')) return TEXT;
  if (names.length > 0 && names.length <= MAX_ROW_FIELDS)
    return {
      kind: 'row',
      fields: names.map((name) => ({ name, type: inferMember(members, name, complete) })),
    };
  return { kind: 'map', value: inferType(mergeShapes(members.values()), complete) };
}

function inferMember(members: ReadonlyMap<string, Shape>, name: string, complete: boolean): ColumnType {
  const shape = members.get(name);
  return shape === undefined ? TEXT : inferType(shape, complete);
}
