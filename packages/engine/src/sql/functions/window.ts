import { windowed, type Emit } from './signature.ts';

const same =
  (name: string): Emit =>
  ({ aggregate, args }) =>
    aggregate(name, ...args);

/** Functions that need OVER. */
export const WINDOWS = windowed(
  ['row_number() -> bigint', same('row_number')],
  ['rank() -> bigint', same('rank')],
  ['dense_rank() -> bigint', same('dense_rank')],
  ['percent_rank() -> double', same('percent_rank')],
  ['cume_dist() -> double', same('cume_dist')],
  ['ntile(bigint) -> bigint', same('ntile')],
  ['lag(T) -> T', same('lag')],
  ['lag(T, bigint) -> T', same('lag')],
  ['lag(T, bigint, T) -> T', same('lag')],
  ['lead(T) -> T', same('lead')],
  ['lead(T, bigint) -> T', same('lead')],
  ['lead(T, bigint, T) -> T', same('lead')],
  ['first_value(T) -> T', same('first_value')],
  ['last_value(T) -> T', same('last_value')],
  ['nth_value(T, bigint) -> T', same('nth_value')],
);
