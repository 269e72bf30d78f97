import { scalar } from './signature.ts';

/** Geometries: reading, printing and measuring one. Trino writes these names in mixed case; SQL does not tell it apart. */
export const GEOMETRIES = scalar(
  ['st_geometryfromtext(varchar) -> geometry', 'ergane_geo_parse($1)'],
  ['st_linefromtext(varchar) -> geometry', 'ergane_geo_line($1)'],
  ['st_polygon(varchar) -> geometry', 'ergane_geo_polygon($1)'],
  ['st_point(double, double) -> geometry', 'ergane_geo_point($1, $2)'],
  ['st_astext(geometry) -> varchar', '$1'],
  ['st_x(geometry) -> double', 'ergane_geo_x($1)'],
  ['st_y(geometry) -> double', 'ergane_geo_y($1)'],
  ['st_geometrytype(geometry) -> varchar', 'ergane_geo_type($1)'],
  ['st_dimension(geometry) -> tinyint', 'CAST(ergane_geo_dimension($1) AS TINYINT)'],
  ['st_coorddim(geometry) -> tinyint', 'CAST(CASE WHEN $1 IS NOT NULL THEN 2 END AS TINYINT)'],
  ['st_numpoints(geometry) -> bigint', 'ergane_geo_points($1)'],
  ['st_isempty(geometry) -> boolean', 'ergane_geo_empty($1)'],
  ['st_xmin(geometry) -> double', 'ergane_geo_xmin($1)'],
  ['st_xmax(geometry) -> double', 'ergane_geo_xmax($1)'],
  ['st_ymin(geometry) -> double', 'ergane_geo_ymin($1)'],
  ['st_ymax(geometry) -> double', 'ergane_geo_ymax($1)'],
  ['st_numgeometries(geometry) -> integer', 'CAST(ergane_geo_pieces($1) AS INTEGER)'],
  ['st_startpoint(geometry) -> geometry', 'ergane_geo_start($1)'],
  ['st_endpoint(geometry) -> geometry', 'ergane_geo_end($1)'],
  ['st_pointn(geometry, integer) -> geometry', 'ergane_geo_point_n($1, $2)'],
  ['st_length(geometry) -> double', 'ergane_geo_length($1)'],
  ['st_area(geometry) -> double', 'ergane_geo_area($1)'],
);
