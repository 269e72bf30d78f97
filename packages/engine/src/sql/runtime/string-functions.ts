import type { JsFunction } from './js-function.ts';

/** String functions that DuckDB lacks or defines otherwise. */
export const STRING_FUNCTIONS: readonly JsFunction[] = [];
