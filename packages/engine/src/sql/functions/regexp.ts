import { scalar } from './signature.ts';
import { varcharOf } from './string.ts';

/** Regular expression functions. */
export const REGEXPS = scalar(
  ['regexp_like(varchar, varchar) -> boolean', 'ergane_regexp_like($1, $2)'],
  ['regexp_count(varchar, varchar) -> bigint', 'ergane_regexp_count($1, $2)'],
  ['regexp_extract(varchar(x), varchar) -> varchar(x)', 'ergane_regexp_extract($1, $2, 0)'],
  ['regexp_extract(varchar(x), varchar, bigint) -> varchar(x)', 'ergane_regexp_extract($1, $2, $3)'],
  ['regexp_extract_all(varchar(x), varchar) -> array(varchar(x))', 'ergane_regexp_extract_all($1, $2, 0)'],
  ['regexp_extract_all(varchar(x), varchar, bigint) -> array(varchar(x))', 'ergane_regexp_extract_all($1, $2, $3)'],
  ['regexp_split(varchar(x), varchar) -> array(varchar(x))', 'ergane_regexp_split($1, $2)'],
  ['regexp_replace(varchar(x), varchar) -> varchar(x)', `ergane_regexp_replace($1, $2, '')`],
  [
    'regexp_replace(varchar(x), varchar, varchar(y)) -> varchar(x)',
    'ergane_regexp_replace($1, $2, $3)',
    varcharOf((x = 0, y = 0) => x + Math.max(Math.floor((x * y) / 2), y) * (x + 1), 0, 2),
  ],
  [
    'regexp_replace(varchar, varchar, function(array(varchar), varchar)) -> varchar',
    'ergane_interleave(ergane_regexp_split($1, $2), list_transform(ergane_regexp_groups($1, $2), $3))',
  ],
  ['regexp_position(varchar, varchar) -> integer', 'ergane_regexp_position($1, $2, 1, 1)'],
  ['regexp_position(varchar, varchar, bigint) -> integer', 'ergane_regexp_position($1, $2, $3, 1)'],
  ['regexp_position(varchar, varchar, bigint, bigint) -> integer', 'ergane_regexp_position($1, $2, $3, $4)'],
);
