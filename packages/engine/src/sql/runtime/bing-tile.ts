import { functionError } from './errors.ts';
import { jsFunction, type JsFunction } from './js-function.ts';

const MOST = 23;
const PIXELS = 256;
const EDGE = 85.05112878;
const EARTH_RADIUS = 6371.01;
const invalid = (message: string) => functionError('INVALID_FUNCTION_ARGUMENT', message);

interface Tile {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

function checkZoom(zoom: number): void {
  if (zoom <= 0) throw invalid('Zoom level must be > 0');
  if (zoom > MOST) throw invalid(`Zoom level must be <= ${MOST}`);
}

/** A tile is held as its quadkey: a digit a zoom level. */
function write({ x, y, zoom }: Tile): string {
  return Array.from({ length: zoom }, (_unused, index) => {
    const bit = zoom - 1 - index;
    return String(((x >> bit) & 1) + 2 * ((y >> bit) & 1));
  }).join('');
}

function read(quadkey: string): Tile {
  let [x, y] = [0, 0];
  for (const digit of quadkey) {
    x = x * 2 + (Number(digit) & 1);
    y = y * 2 + (Number(digit) >> 1);
  }
  return { x, y, zoom: quadkey.length };
}

function ofCoordinates(x: number, y: number, zoom: number): string {
  checkZoom(zoom);
  const size = 2 ** zoom;
  if (x < 0 || y < 0 || x >= size || y >= size)
    throw invalid(`XY coordinates for a Bing tile at zoom level ${zoom} must be within [0, ${size}) range`);
  return write({ x, y, zoom });
}

function ofQuadkey(quadkey: string): string {
  if (quadkey === '') throw invalid('QuadKey must not be empty string');
  if (quadkey.length > MOST) throw invalid(`QuadKey must be ${MOST} characters or less`);
  if (!/^[0-3]+$/.test(quadkey)) throw invalid(`Invalid QuadKey digit sequence: ${quadkey}`);
  return quadkey;
}

function at(latitude: number, longitude: number, zoom: number): Tile {
  if (!(Math.abs(latitude) <= EDGE + 1e-8)) throw invalid(`Latitude must be between -${EDGE} and ${EDGE}`);
  if (!(Math.abs(longitude) <= 180)) throw invalid('Longitude must be between -180.0 and 180.0');
  checkZoom(zoom);
  const size = PIXELS * 2 ** zoom;
  const axis = (share: number) => Math.floor(Math.trunc(Math.max(0, Math.min(size - 1, share * size))) / PIXELS);
  const sine = Math.sin((latitude * Math.PI) / 180);
  return { x: axis((longitude + 180) / 360), y: axis(0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)), zoom };
}

function around(latitude: number, longitude: number, zoom: number): string[] {
  const { x, y } = at(latitude, longitude, zoom);
  const size = 2 ** zoom;
  const near = (value: number) => [value - 1, value, value + 1].filter((each) => each >= 0 && each < size);
  return near(x).flatMap((column) => near(y).map((row) => write({ x: column, y: row, zoom })));
}

function greatCircle(latitude1: number, longitude1: number, latitude2: number, longitude2: number): number {
  for (const latitude of [latitude1, latitude2])
    if (!(Math.abs(latitude) <= 90)) throw invalid('Latitude must be between -90 and 90');
  for (const longitude of [longitude1, longitude2])
    if (!(Math.abs(longitude) <= 180)) throw invalid('Longitude must be between -180 and 180');
  const radians = (degrees: number) => (degrees * Math.PI) / 180;
  const [a, b] = [radians(latitude1), radians(latitude2)];
  const delta = radians(longitude1) - radians(longitude2);
  const t1 = Math.cos(b) * Math.sin(delta);
  const t2 = Math.cos(a) * Math.sin(b) - Math.sin(a) * Math.cos(b) * Math.cos(delta);
  const t3 = Math.sin(a) * Math.sin(b) + Math.cos(a) * Math.cos(b) * Math.cos(delta);
  return Math.atan2(Math.sqrt(t1 * t1 + t2 * t2), t3) * EARTH_RADIUS;
}

/** Bing tiles, and distances on the globe in kilometres. */
export const BING_TILE_FUNCTIONS: readonly JsFunction[] = [
  jsFunction('bing_tile', ['INTEGER', 'INTEGER', 'INTEGER'], 'VARCHAR', ofCoordinates),
  jsFunction('bing_tile_of_quadkey', ['VARCHAR'], 'VARCHAR', ofQuadkey),
  jsFunction('bing_tile_at', ['DOUBLE', 'DOUBLE', 'INTEGER'], 'VARCHAR', (latitude, longitude, zoom) =>
    write(at(latitude, longitude, zoom)),
  ),
  jsFunction('bing_tile_x', ['VARCHAR'], 'INTEGER', (tile) => read(tile).x),
  jsFunction('bing_tile_y', ['VARCHAR'], 'INTEGER', (tile) => read(tile).y),
  jsFunction('bing_tiles_around', ['DOUBLE', 'DOUBLE', 'INTEGER'], 'VARCHAR[]', around),
  jsFunction('great_circle', ['DOUBLE', 'DOUBLE', 'DOUBLE', 'DOUBLE'], 'DOUBLE', greatCircle),
];
