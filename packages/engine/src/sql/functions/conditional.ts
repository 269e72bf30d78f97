import { scalar } from './signature.ts';

/** Functions that choose; `if`, `nullif`, `coalesce`, `try` and `typeof` are the analyser's own. */
export const CONDITIONAL = scalar(
  ['current_groups() -> array(varchar)', 'CAST([] AS VARCHAR[])'],
  ['$recursion_depth(bigint) -> bigint', 'ergane_recursion_depth($1)'],
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
