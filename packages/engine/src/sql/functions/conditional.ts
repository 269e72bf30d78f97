import { scalar, type Entry } from './signature.ts';

/** Functions that choose; `if`, `nullif`, `coalesce`, `try` and `typeof` are the analyser's own. */
export const CONDITIONAL = scalar(
  ['current_groups() -> array(varchar)', 'CAST([] AS VARCHAR[])'],
  ['$recursion_depth(bigint) -> bigint', 'ergane_recursion_depth($1)'],
  ...['double', 'real'].map<Entry>((type) => [
    `greatest(${type}, ${type}...) -> ${type}`,
    ({ args }) => {
      // NaN is the greatest only where there is nothing else
      const known = args.map((arg) => `CASE WHEN isnan(${arg}) THEN NULL ELSE ${arg} END`);
      return `(CASE WHEN ${args.map((arg) => `${arg} IS NULL`).join(' OR ')} THEN NULL ELSE coalesce(greatest(${known.join(', ')}), ${args[0] ?? ''}) END)`;
    },
  ]),
  [
    'greatest(O, O...) -> O',
    ({ args }) =>
      `(CASE WHEN ${args.map((arg) => `${arg} IS NULL`).join(' OR ')} THEN NULL ELSE greatest(${args.join(', ')}) END)`,
  ],
  [
    'least(O, O...) -> O',
    ({ args }) =>
      `(CASE WHEN ${args.map((arg) => `${arg} IS NULL`).join(' OR ')} THEN NULL ELSE least(${args.join(', ')}) END)`,
  ],
);
