import { aggregate, scalar, type Emit } from './signature.ts';

const make =
  (bytes: (sql: string) => string): Emit =>
  ({ aggregate: call, args: [value = ''] }) =>
    `(CASE WHEN ${call('count', value)} = 0 THEN NULL ELSE ergane_set_digest_make(${call('list', bytes(value))}) END)`;

/** Aggregates that make set digests. */
export const SET_DIGEST_AGGREGATES = aggregate(
  ['make_set_digest(bigint) -> setdigest', make((sql) => `ergane_long_bytes(${sql})`)],
  ['make_set_digest(varchar) -> setdigest', make((sql) => `encode(${sql})`)],
  ['make_set_digest(json) -> setdigest', make((sql) => `encode(${sql})`)],
  ['make_set_digest(time(p)) -> setdigest', make((sql) => `ergane_long_bytes(${sql})`)],
  ['make_set_digest(varbinary) -> setdigest', make((sql) => sql)],
  [
    'make_set_digest(date) -> setdigest',
    make((sql) => `ergane_long_bytes(CAST(${sql} - DATE '1970-01-01' AS BIGINT))`),
  ],
  [
    'merge_set_digest(setdigest) -> setdigest',
    ({ aggregate: call, args: [value = ''] }) =>
      `(CASE WHEN ${call('count', value)} = 0 THEN NULL ELSE ergane_set_digest_merge(${call('list', value)}) END)`,
  ],
);

/** Functions on set digests. */
export const SET_DIGESTS = scalar(
  ['cardinality(setdigest) -> bigint', 'ergane_set_digest_cardinality($1)'],
  ['intersection_cardinality(setdigest, setdigest) -> bigint', 'ergane_set_digest_intersection($1, $2)'],
  ['jaccard_index(setdigest, setdigest) -> double', 'ergane_set_digest_jaccard($1, $2)'],
  [
    'hash_counts(setdigest) -> map(bigint, smallint)',
    'ergane_map(ergane_set_digest_hashes($1), CAST(ergane_set_digest_counts($1) AS SMALLINT[]))',
  ],
);
