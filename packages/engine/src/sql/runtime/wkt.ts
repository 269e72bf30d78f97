import { functionError } from './errors.ts';

/** A position; a geometry is one, or a list of parts. */
export type Position = readonly [x: number, y: number];
export interface Geometry {
  readonly type: keyof typeof TYPES;
  /** the parts that hold positions: one of a point or line, the rings of a polygon, and so on of their collections */
  readonly paths: readonly (readonly Position[])[];
  /** how many paths each polygon of several has */
  readonly rings: readonly number[];
}

/** Each type's name in WKT, in ST_GeometryType and in errors, and how many dimensions it has. */
export const TYPES = {
  POINT: { name: 'ST_Point', label: 'POINT', dimension: 0 },
  MULTIPOINT: { name: 'ST_MultiPoint', label: 'MULTI_POINT', dimension: 0 },
  LINESTRING: { name: 'ST_LineString', label: 'LINE_STRING', dimension: 1 },
  MULTILINESTRING: { name: 'ST_MultiLineString', label: 'MULTI_LINE_STRING', dimension: 1 },
  POLYGON: { name: 'ST_Polygon', label: 'POLYGON', dimension: 2 },
  MULTIPOLYGON: { name: 'ST_MultiPolygon', label: 'MULTI_POLYGON', dimension: 2 },
} as const;

const isType = (text: string): text is keyof typeof TYPES => text in TYPES;
const NUMBER = String.raw`[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?`;
const POSITION = new RegExp(String.raw`^\(?\s*(${NUMBER})\s+(${NUMBER})\s*\)?$`, 'i');

/** Reads well-known text. Throws INVALID_FUNCTION_ARGUMENT, or NOT_SUPPORTED for collections of several types. */
export function parseWkt(text: string): Geometry {
  const wrong = () => functionError('INVALID_FUNCTION_ARGUMENT', `Invalid WKT: ${text}`);
  const match = /^\s*([a-z]+)\s*(empty|\(.*\))\s*$/is.exec(text);
  const type = match?.[1]?.toUpperCase() ?? '';
  if (type === 'GEOMETRYCOLLECTION') throw functionError('NOT_SUPPORTED', 'a GEOMETRYCOLLECTION is not supported');
  if (!match || !isType(type)) throw wrong();
  const body = match[2] ?? '';
  if (body.toUpperCase() === 'EMPTY') return { type, paths: [], rings: [] };
  const path = (list: string) =>
    inside(list, wrong).map((each): Position => {
      const found = POSITION.exec(each);
      if (!found) throw wrong();
      return [Number(found[1]), Number(found[2])];
    });
  if (type === 'POINT' || type === 'LINESTRING' || type === 'MULTIPOINT') {
    const positions = path(body);
    if (type === 'POINT' && positions.length !== 1) throw wrong();
    // a line of one position is one of two
    return {
      type,
      paths: [type === 'LINESTRING' && positions.length === 1 ? [...positions, ...positions] : positions],
      rings: [1],
    };
  }
  if (type === 'MULTIPOLYGON') {
    const polygons = inside(body, wrong).map((each) => oriented(inside(each, wrong).map(path)));
    return { type, paths: polygons.flat(), rings: polygons.map((each) => each.length) };
  }
  const paths = inside(body, wrong).map(path);
  return { type, paths: type === 'POLYGON' ? oriented(paths) : paths, rings: [paths.length] };
}

/** The parts of a list in parentheses. */
function inside(text: string, wrong: () => Error): string[] {
  const body = /^\s*\((.*)\)\s*$/s.exec(text)?.[1];
  if (body === undefined) throw wrong();
  const parts: string[] = [];
  let [depth, start] = [0, 0];
  for (let index = 0; index <= body.length; index++) {
    if (body[index] === '(') depth++;
    if (body[index] === ')') depth--;
    if (index === body.length || (body[index] === ',' && depth === 0)) {
      parts.push(body.slice(start, index).trim());
      start = index + 1;
    }
  }
  return parts;
}

/** Twice the area of a ring, negative where it goes clockwise. */
export const signedArea = (ring: readonly Position[]): number =>
  ring.reduce((sum, [x, y], index) => {
    const [nextX, nextY] = ring[(index + 1) % ring.length] ?? [x, y];
    return sum + x * nextY - nextX * y;
  }, 0);

/** The outer ring goes counter-clockwise, the holes clockwise; each is closed and starts where it did. */
function oriented(rings: readonly (readonly Position[])[]): (readonly Position[])[] {
  return rings.map((ring, index) => {
    const isRight = signedArea(ring) > 0 === (index === 0);
    return isRight ? ring : ring.toReversed();
  });
}

function number(value: number): string {
  if (Object.is(value, -0)) return '-0';
  const size = Math.abs(value);
  if (!Number.isFinite(value) || size === 0) return String(value);
  if (size < 1e-4 || size >= 1e17) return value.toExponential(16).replace(/e([-+])(\d)$/, 'e$10$2');
  return size >= 1e16 ? BigInt(value).toString() : String(value);
}

const position = ([x, y]: Position) => `${number(x)} ${number(y)}`;

/** Well-known text as Trino prints it. */
export function printWkt({ type, paths, rings }: Geometry): string {
  if (paths.length === 0) return `${type} EMPTY`;
  const path = (each: readonly Position[]) => `(${each.map(position).join(', ')})`;
  const [first = []] = paths;
  if (type === 'POINT' || type === 'LINESTRING') return `${type} ${path(first)}`;
  if (type === 'MULTIPOINT') return `${type} (${first.map((each) => `(${position(each)})`).join(', ')})`;
  if (type !== 'MULTIPOLYGON') return `${type} (${paths.map(path).join(', ')})`;
  let start = 0;
  const polygons = rings.map(
    (count) =>
      `(${paths
        .slice(start, (start += count))
        .map(path)
        .join(', ')})`,
  );
  return `${type} (${polygons.join(', ')})`;
}
