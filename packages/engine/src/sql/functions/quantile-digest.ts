import { bound, once, onceEach } from '../emit/once.ts';
import { failSql } from '../emit/typed.ts';
import { aggregate, scalar, type Emit, type Entry } from './signature.ts';

const TYPES = [
  { type: 'bigint', kind: 'long', physical: 'BIGINT' },
  { type: 'double', kind: 'double', physical: 'DOUBLE' },
  { type: 'real', kind: 'double', physical: 'FLOAT' },
] as const;
type Held = (typeof TYPES)[number];

/** The digest of the rows whose value is known; the weight, and the accuracy that is always kept, may be given. */
const make =
  ({ kind }: Held): Emit =>
  ({ aggregate: call, args: [value = '', weight = '1', accuracy] }) => {
    const wide = kind === 'long' ? 'BIGINT' : 'DOUBLE';
    const rows = call('list', `struct_pack(v := CAST(${value} AS ${wide}), w := CAST(${weight} AS DOUBLE))`);
    const made = once(rows, (list) =>
      bound((row) => {
        const known = `list_filter(${list}, lambda ${row}: (${row}).v IS NOT NULL AND (${row}).w IS NOT NULL)`;
        const part = (name: string) => `list_transform(${known}, lambda ${row}: (${row}).${name})`;
        return `(CASE WHEN coalesce(len(${known}), 0) = 0 THEN NULL ELSE ergane_qdigest_make_${kind}(${part('v')}, ${part('w')}) END)`;
      }),
    );
    if (accuracy === undefined) return made;
    const fail = failSql('INVALID_FUNCTION_ARGUMENT', `Percentile accuracy must be strictly between 0 and 1`, 'BLOB');
    const wrong = call('bool_or', `${value} IS NOT NULL AND (${accuracy} <= 0 OR ${accuracy} >= 1)`);
    return `(CASE WHEN ${wrong} THEN ${fail} ELSE ${made} END)`;
  };

const merge =
  ({ kind }: Held): Emit =>
  ({ aggregate: call, args: [value = ''] }) =>
    `(CASE WHEN ${call('count', value)} = 0 THEN NULL ELSE ergane_qdigest_merge_${kind}(${call('list', value)}) END)`;

const valueAt = ({ kind, physical }: Held, digest: string, quantile: string) =>
  `CAST(ergane_qdigest_value_${kind}(${digest}, ${quantile}) AS ${physical})`;

/** Aggregates that make quantile digests. */
export const QUANTILE_DIGEST_AGGREGATES = aggregate(
  ...TYPES.flatMap<Entry>((held) => [
    [`qdigest_agg(${held.type}) -> qdigest(${held.type})`, make(held)],
    [`qdigest_agg(${held.type}, bigint) -> qdigest(${held.type})`, make(held)],
    [`qdigest_agg(${held.type}, bigint, double) -> qdigest(${held.type})`, make(held)],
    [`merge(qdigest(${held.type})) -> qdigest(${held.type})`, merge(held)],
  ]),
);

/** Functions on quantile digests. */
export const QUANTILE_DIGESTS = scalar(
  ...TYPES.flatMap<Entry>((held) => [
    [
      `value_at_quantile(qdigest(${held.type}), double) -> ${held.type}`,
      ({ args: [digest = '', quantile = ''] }) => valueAt(held, digest, quantile),
    ],
    [
      `values_at_quantiles(qdigest(${held.type}), array(double)) -> array(${held.type})`,
      ({ args }) =>
        onceEach(args, (digest = '', quantiles = '') =>
          bound(
            (each) =>
              `(CASE WHEN ${digest} IS NULL THEN NULL ELSE list_transform(${quantiles}, lambda ${each}: ${valueAt(held, digest, each)}) END)`,
          ),
        ),
    ],
    [
      `quantile_at_value(qdigest(${held.type}), ${held.type}) -> double`,
      ({ args: [digest = '', value = ''] }) => `ergane_qdigest_quantile_${held.kind}(${digest}, ${value})`,
    ],
  ]),
);
