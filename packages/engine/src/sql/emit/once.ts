const SIMPLE = /^(?:[\w."]+|\((?:\w+)\)\.\w+|CAST\('?-?[\w.]+'? AS \w+\)|'[^']*')$/;

let depth = 0;

/**
 * Names a value that an expression uses more than once, so that it is written and computed once. What is short already (a column, a
 * literal) stays as it is. The name is a lambda's parameter, so it may stand in lambdas but not in subqueries.
 */
export function once(sql: string, use: (name: string) => string): string {
  if (SIMPLE.test(sql)) return use(sql);
  depth++;
  try {
    const name = `e${depth}`;
    return `list_transform([${sql}], lambda ${name}: ${use(name)})[1]`;
  } finally {
    depth--;
  }
}

/** As once, for several values. */
export function onceEach(values: readonly string[], use: (...names: readonly string[]) => string): string {
  const [first, ...rest] = values;
  if (first === undefined) return use();
  return once(first, (name) => onceEach(rest, (...names) => use(name, ...names)));
}

/** A name for a lambda's parameter that no enclosing emission uses. */
export function bound(use: (name: string) => string): string {
  depth++;
  try {
    return use(`e${depth}`);
  } finally {
    depth--;
  }
}
