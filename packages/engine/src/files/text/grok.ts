import { GROK_PATTERNS } from './grok-patterns.ts';

/** deeper than any pattern of use; a pattern that names itself ends here */
const MAX_DEPTH = 32;

/**
 * A Java pattern whose groups are the named patterns of a Grok format, in their order: `%{IP:client} %{GREEDYDATA:rest}`. Other groups
 * are not counted, nor are patterns without a name.
 */
export function compileGrok(
  format: string,
  customPatterns: string,
): { readonly pattern: string } | { readonly problem: string } {
  const custom = new Map<string, string>();
  for (const line of customPatterns.split(/\r?\n/)) {
    const found = /^\s*(\w+)\s+(.*\S)\s*$/.exec(line);
    if (found !== null) custom.set(found[1] ?? '', found[2] ?? '');
  }
  let problem: string | undefined;
  const expand = (text: string, depth: number): string =>
    withoutGroups(text).replace(/%\{(\w+)(?::([^:}]+))?(?::[^}]*)?\}/g, (whole, name: string, field?: string) => {
      const definition = custom.get(name) ?? (Object.hasOwn(GROK_PATTERNS, name) ? GROK_PATTERNS[name] : undefined);
      if (definition === undefined || depth > MAX_DEPTH) {
        problem ??=
          definition === undefined ? `names the unknown pattern ${whole}` : `has a pattern that names itself: ${whole}`;
        return '';
      }
      return `(${field === undefined ? '?:' : ''}${expand(definition, depth + 1)})`;
    });
  const pattern = expand(format, 0);
  return problem === undefined ? { pattern } : { problem };
}

/** Only named patterns are columns: groups that the text has by itself are made such that do not count. */
function withoutGroups(text: string): string {
  return text.replace(/\\[^]|\[\^?\]?(?:\\[^]|[^\]\\])*\]|\((\?<?[\w]*>?)?/g, (token, kind: string | undefined) => {
    if (!token.startsWith('(')) return token;
    return kind === undefined || kind === '' || /^\?<\w+>$/.test(kind) ? '(?:' : token;
  });
}
