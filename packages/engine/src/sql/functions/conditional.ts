import { scalar } from './signature.ts';

/** Functions that choose; `if`, `nullif`, `coalesce`, `try` and `typeof` are the analyser's own. */
export const CONDITIONAL = scalar(
  [
    'greatest(T, T...) -> T',
    ({ args }) =>
      `(CASE WHEN ${args.map((arg) => `${arg} IS NULL`).join(' OR ')} THEN NULL ELSE greatest(${args.join(', ')}) END)`,
  ],
  [
    'least(T, T...) -> T',
    ({ args }) =>
      `(CASE WHEN ${args.map((arg) => `${arg} IS NULL`).join(' OR ')} THEN NULL ELSE least(${args.join(', ')}) END)`,
  ],
);
