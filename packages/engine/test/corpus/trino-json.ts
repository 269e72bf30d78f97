/** A JSON value whose numbers are their text, so that nothing of a bigint or of Java's way to print a double is lost. */
export type TrinoJson = null | boolean | string | readonly TrinoJson[] | { readonly [name: string]: TrinoJson };

const TOKEN = /\s*(?:([{}[\],:])|("(?:[^"\\]|\\.)*")|(-?[\w.+-]+))/suy;

/** Reads the JSON of Trino's client protocol. */
export function parseTrinoJson(text: string): TrinoJson {
  TOKEN.lastIndex = 0;
  const next = (): string => {
    const match = TOKEN.exec(text);
    if (!match) throw new Error(`no JSON: ${text.slice(0, 200)}`);
    return match[1] ?? match[2] ?? match[3] ?? '';
  };
  const read = (token: string): TrinoJson => {
    if (token === '[') return readArray();
    if (token === '{') return readObject();
    if (token.startsWith('"')) {
      const value: string = JSON.parse(token);
      return value;
    }
    if (token === 'null') return null;
    return token === 'true' ? true : token === 'false' ? false : token;
  };
  const readArray = (): TrinoJson[] => {
    const items: TrinoJson[] = [];
    for (let token = next(); token !== ']'; token = next()) if (token !== ',') items.push(read(token));
    return items;
  };
  const readObject = (): { readonly [name: string]: TrinoJson } => {
    const members: [string, TrinoJson][] = [];
    for (let token = next(); token !== '}'; token = next()) {
      if (token === ',') continue;
      const name: string = JSON.parse(token);
      next();
      members.push([name, read(next())]);
    }
    return Object.fromEntries(members);
  };
  return read(next());
}

export const member = (value: TrinoJson | undefined, name: string): TrinoJson | undefined =>
  typeof value === 'object' && value !== null && !isList(value) ? value[name] : undefined;

export const isList = (value: TrinoJson | undefined): value is readonly TrinoJson[] => Array.isArray(value);

export const list = (value: TrinoJson | undefined): readonly TrinoJson[] => (isList(value) ? value : []);

export const members = (value: TrinoJson): readonly (readonly [string, TrinoJson])[] =>
  typeof value === 'object' && value !== null && !isList(value) ? Object.entries(value) : [];
