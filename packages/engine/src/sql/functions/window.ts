import { ErganeError } from '@ergane/protocol';
import { windowed, type Emit } from './signature.ts';

const same =
  (name: string): Emit =>
  ({ aggregate, args }) =>
    aggregate(name, ...args);

/** Offsets that are constants are checked here, as Trino checks them when it reads a row. */
const checked =
  (name: string, least: number, message: string): Emit =>
  ({ aggregate, args }) => {
    const offset = args[1] ?? '';
    const value = /^CAST\((-?\d+|NULL) AS BIGINT\)$/.exec(offset)?.[1];
    if (value === 'NULL' || Number(value) < least) throw new ErganeError('INVALID_FUNCTION_ARGUMENT', message);
    return aggregate(name, ...args);
  };

/** Functions that need OVER. */
export const WINDOWS = windowed(
  ['row_number() -> bigint', same('row_number')],
  ['rank() -> bigint', same('rank')],
  ['dense_rank() -> bigint', same('dense_rank')],
  ['percent_rank() -> double', same('percent_rank')],
  ['cume_dist() -> double', same('cume_dist')],
  ['ntile(bigint) -> bigint', same('ntile')],
  ['lag(T) -> T', same('lag')],
  ['lag(T, bigint) -> T', checked('lag', 0, 'Offset must be at least 0 and not null')],
  ['lag(T, bigint, T) -> T', checked('lag', 0, 'Offset must be at least 0 and not null')],
  ['lead(T) -> T', same('lead')],
  ['lead(T, bigint) -> T', checked('lead', 0, 'Offset must be at least 0 and not null')],
  ['lead(T, bigint, T) -> T', checked('lead', 0, 'Offset must be at least 0 and not null')],
  ['first_value(T) -> T', same('first_value')],
  ['last_value(T) -> T', same('last_value')],
  ['nth_value(T, bigint) -> T', checked('nth_value', 1, 'Offset must be at least 1')],
);
