import { scalar } from './signature.ts';

/** String functions. */
export const STRINGS = scalar(
  ['length(varchar) -> bigint', 'length($1)'],
  ['lower(varchar(x)) -> varchar(x)', 'lower($1)'],
  ['upper(varchar(x)) -> varchar(x)', 'upper($1)'],
  ['concat(varchar, varchar...) -> varchar', ({ args }) => `(${args.join(' || ')})`],
  ['substr(varchar(x), bigint) -> varchar(x)', 'ergane_substr($1, $2, 2147483647)'],
  ['substr(varchar(x), bigint, bigint) -> varchar(x)', 'ergane_substr($1, $2, $3)'],
  ['substring(varchar(x), bigint) -> varchar(x)', 'ergane_substr($1, $2, 2147483647)'],
  ['substring(varchar(x), bigint, bigint) -> varchar(x)', 'ergane_substr($1, $2, $3)'],
  ['strpos(varchar, varchar) -> bigint', 'strpos($1, $2)'],
  ['replace(varchar, varchar) -> varchar', `replace($1, $2, '')`],
  ['replace(varchar, varchar, varchar) -> varchar', 'replace($1, $2, $3)'],
  ['starts_with(varchar, varchar) -> boolean', 'starts_with($1, $2)'],
);
