import { scalar } from './signature.ts';
import { varcharOf } from './string.ts';

/** Colors for a terminal. */
export const COLORS = scalar(
  ['color(varchar) -> color', 'ergane_color($1)'],
  ['color(double, color, color) -> color', 'ergane_color_between($1, $2, $3)'],
  [
    'color(double, double, double, color, color) -> color',
    'ergane_color_between(ergane_div($1 - $2, $3 - $2), $4, $5)',
  ],
  ['rgb(bigint, bigint, bigint) -> color', 'ergane_color_rgb($1, $2, $3)'],
  ['render(varchar(x), color) -> varchar(x)', 'ergane_color_render($1, $2)', varcharOf((x = 0) => x + 15, 0)],
  ['render(bigint, color) -> varchar(35)', 'ergane_color_render(CAST($1 AS VARCHAR), $2)'],
  ['render(double, color) -> varchar(41)', 'ergane_color_render(ergane_java_double($1), $2)'],
  [
    'render(boolean) -> varchar(16)',
    `(CASE WHEN $1 THEN ergane_color_render(chr(10003), 'green') WHEN NOT $1 THEN ergane_color_render(chr(10007), 'red') END)`,
  ],
  ['bar(double, bigint) -> varchar', `ergane_color_bar($1, $2, '#ff0000', '#00ff00')`],
  ['bar(double, bigint, color, color) -> varchar', 'ergane_color_bar($*)'],
);
