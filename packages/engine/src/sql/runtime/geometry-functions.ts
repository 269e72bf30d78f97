import { functionError } from './errors.ts';
import { jsFunction, type JsFunction } from './js-function.ts';
import { TYPES, parseWkt, printWkt, signedArea, type Geometry, type Position } from './wkt.ts';

const point = (at: Position | undefined): string | null =>
  at === undefined ? null : printWkt({ type: 'POINT', paths: [[at]], rings: [1] });

/** The positions of a geometry; the closing one of a ring is none of its points. */
function positions({ type, paths }: Geometry): readonly Position[] {
  return type.endsWith('POLYGON') ? paths.flatMap((ring) => ring.slice(0, -1)) : paths.flat();
}

/** Reads a geometry that must be of some types. */
function only(name: string, wkt: string, ...types: readonly Geometry['type'][]): Geometry {
  const geometry = parseWkt(wkt);
  if (types.includes(geometry.type)) return geometry;
  const allowed = types.map((type) => TYPES[type].label).join(' or ');
  throw functionError(
    'INVALID_FUNCTION_ARGUMENT',
    `${name} only applies to ${allowed}. Input type is: ${TYPES[geometry.type].label}`,
  );
}

const bound = (wkt: string, axis: 0 | 1, pick: (...values: readonly number[]) => number): number | null => {
  const values = positions(parseWkt(wkt)).map((each) => each[axis]);
  return values.length === 0 ? null : pick(...values);
};

const pathLength = (path: readonly Position[]) =>
  path.slice(1).reduce((sum, [x, y], index) => {
    const [fromX, fromY] = path[index] ?? [x, y];
    return sum + Math.hypot(x - fromX, y - fromY);
  }, 0);

function area(wkt: string): number {
  const { type, paths } = parseWkt(wkt);
  return type.endsWith('POLYGON') ? paths.reduce((sum, ring) => sum + signedArea(ring), 0) / 2 : 0;
}

function pieces({ type, paths, rings }: Geometry): bigint {
  if (paths.length === 0) return 0n;
  if (type === 'MULTIPOINT') return BigInt(paths[0]?.length ?? 0);
  if (type === 'MULTILINESTRING') return BigInt(paths.length);
  return BigInt(type === 'MULTIPOLYGON' ? rings.length : 1);
}

/** Geometries as well-known text: what they consist of. Relations of two geometries are not supported. */
export const GEOMETRY_FUNCTIONS: readonly JsFunction[] = [
  jsFunction('geo_parse', ['VARCHAR'], 'VARCHAR', (wkt) => printWkt(parseWkt(wkt))),
  jsFunction('geo_line', ['VARCHAR'], 'VARCHAR', (wkt) => printWkt(only('ST_LineFromText', wkt, 'LINESTRING'))),
  jsFunction('geo_polygon', ['VARCHAR'], 'VARCHAR', (wkt) => printWkt(only('ST_Polygon', wkt, 'POLYGON'))),
  jsFunction('geo_point', ['DOUBLE', 'DOUBLE'], 'VARCHAR', (x, y) =>
    Number.isNaN(x) || Number.isNaN(y) ? 'POINT EMPTY' : point([x, y]),
  ),
  jsFunction('geo_x', ['VARCHAR'], 'DOUBLE', (wkt) => only('ST_X', wkt, 'POINT').paths[0]?.[0]?.[0] ?? null),
  jsFunction('geo_y', ['VARCHAR'], 'DOUBLE', (wkt) => only('ST_Y', wkt, 'POINT').paths[0]?.[0]?.[1] ?? null),
  jsFunction('geo_type', ['VARCHAR'], 'VARCHAR', (wkt) => TYPES[parseWkt(wkt).type].name),
  jsFunction('geo_dimension', ['VARCHAR'], 'INTEGER', (wkt) => TYPES[parseWkt(wkt).type].dimension),
  jsFunction('geo_points', ['VARCHAR'], 'BIGINT', (wkt) => BigInt(positions(parseWkt(wkt)).length)),
  jsFunction('geo_empty', ['VARCHAR'], 'BOOLEAN', (wkt) => parseWkt(wkt).paths.length === 0),
  jsFunction('geo_xmin', ['VARCHAR'], 'DOUBLE', (wkt) => bound(wkt, 0, Math.min)),
  jsFunction('geo_xmax', ['VARCHAR'], 'DOUBLE', (wkt) => bound(wkt, 0, Math.max)),
  jsFunction('geo_ymin', ['VARCHAR'], 'DOUBLE', (wkt) => bound(wkt, 1, Math.min)),
  jsFunction('geo_ymax', ['VARCHAR'], 'DOUBLE', (wkt) => bound(wkt, 1, Math.max)),
  jsFunction('geo_pieces', ['VARCHAR'], 'BIGINT', (wkt) => pieces(parseWkt(wkt))),
  jsFunction('geo_start', ['VARCHAR'], 'VARCHAR', (wkt) =>
    point(only('ST_StartPoint', wkt, 'LINESTRING').paths[0]?.[0]),
  ),
  jsFunction('geo_end', ['VARCHAR'], 'VARCHAR', (wkt) =>
    point(only('ST_EndPoint', wkt, 'LINESTRING').paths[0]?.at(-1)),
  ),
  jsFunction('geo_point_n', ['VARCHAR', 'INTEGER'], 'VARCHAR', (wkt, index) => {
    const line = only('ST_PointN', wkt, 'LINESTRING');
    return index < 1 ? null : point(line.paths[0]?.[index - 1]);
  }),
  jsFunction('geo_length', ['VARCHAR'], 'DOUBLE', (wkt) =>
    only('ST_Length', wkt, 'LINESTRING', 'MULTILINESTRING').paths.reduce((sum, path) => sum + pathLength(path), 0),
  ),
  jsFunction('geo_area', ['VARCHAR'], 'DOUBLE', area),
];
