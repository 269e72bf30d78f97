import type { TrinoType } from '../trino-type.ts';
import { once } from '../emit/once.ts';
import { scalar } from './signature.ts';

const COORDINATES: TrinoType = {
  kind: 'row',
  fields: [
    { name: 'x', type: { kind: 'integer' } },
    { name: 'y', type: { kind: 'integer' } },
  ],
};

/** Bing tiles, and great_circle_distance. */
export const BING_TILES = scalar(
  ['bing_tile(integer, integer, integer) -> bingtile', 'ergane_bing_tile($*)'],
  ['bing_tile(varchar) -> bingtile', 'ergane_bing_tile_of_quadkey($1)'],
  ['bing_tile_at(double, double, integer) -> bingtile', 'ergane_bing_tile_at($*)'],
  ['bing_tile_quadkey(bingtile) -> varchar', '$1'],
  ['bing_tile_zoom_level(bingtile) -> tinyint', 'CAST(length($1) AS TINYINT)'],
  [
    'bing_tile_coordinates(bingtile) -> row(integer, integer)',
    ({ args: [tile = ''] }) =>
      once(
        tile,
        (name) =>
          `(CASE WHEN ${name} IS NULL THEN NULL ELSE struct_pack(f0 := ergane_bing_tile_x(${name}), f1 := ergane_bing_tile_y(${name})) END)`,
      ),
    () => COORDINATES,
  ],
  ['bing_tiles_around(double, double, integer) -> array(bingtile)', 'ergane_bing_tiles_around($*)'],
  ['great_circle_distance(double, double, double, double) -> double', 'ergane_great_circle($*)'],
);
