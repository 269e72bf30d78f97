import { isList, list, member, members, parseTrinoJson, type TrinoJson } from './trino-json.ts';

/** What Trino says to a statement: names, types and the cells as an Athena client gets them, or an error. */
export type TrinoAnswer =
  | { readonly names: readonly string[]; readonly types: readonly string[]; readonly rows: (string | null)[][] }
  | { readonly error: { readonly name: string; readonly type: string; readonly message: string } };

const HEADERS = {
  'X-Trino-User': 'corpus',
  'X-Trino-Time-Zone': 'UTC',
  'X-Trino-Client-Capabilities': 'PATH,PARAMETRIC_DATETIME',
};

/** Runs one statement on a Trino server over its client protocol. */
export async function askTrino(url: string, sql: string): Promise<TrinoAnswer> {
  let page = await request(`${url}/v1/statement`, { method: 'POST', body: sql, headers: HEADERS });
  let columns: readonly TrinoJson[] = [];
  const rows: (string | null)[][] = [];
  for (;;) {
    const error = member(page, 'error');
    if (error !== undefined) return { error: readError(error) };
    if (isList(member(page, 'columns'))) columns = list(member(page, 'columns'));
    const types = columns.map((column) => member(column, 'typeSignature'));
    for (const row of list(member(page, 'data')))
      rows.push(list(row).map((cell, index) => (cell === null ? null : print(cell, types[index]))));
    const next = member(page, 'nextUri');
    if (typeof next !== 'string') break;
    page = await request(next, { headers: HEADERS });
  }
  return {
    names: columns.map((column) => String(member(column, 'name'))),
    types: columns.map((column) => typeName(String(member(column, 'type')))),
    rows,
  };
}

async function request(url: string, init: RequestInit): Promise<TrinoJson> {
  const response = await fetch(url, init);
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
  return parseTrinoJson(await response.text());
}

const readError = (error: TrinoJson) => ({
  name: String(member(error, 'errorName')),
  type: String(member(error, 'errorType')),
  message: String(member(error, 'message')).slice(0, 200),
});

const typeName = (type: string) =>
  type.replaceAll(/\b(decimal\(\d+), /g, '$1,').replaceAll(/INTERVAL [A-Z ]+/g, (text) => text.toLowerCase());

/** The text of a value; the signature says how its parts are named and typed. */
function print(value: TrinoJson, signature: TrinoJson | undefined): string {
  if (value === null) return 'null';
  const parts = list(member(signature, 'arguments')).map((each) => member(each, 'value'));
  const raw = member(signature, 'rawType');
  if (raw === 'array')
    return `[${list(value)
      .map((item) => print(item, parts[0]))
      .join(', ')}]`;
  if (raw === 'map')
    return `{${members(value)
      .map(([key, item]) => `${print(key, parts[0])}=${print(item, parts[1])}`)
      .join(', ')}}`;
  if (raw === 'row')
    return `{${list(value)
      .map((item, index) => `${fieldName(parts[index], index)}=${print(item, member(parts[index], 'typeSignature'))}`)
      .join(', ')}}`;
  if (raw === 'varbinary')
    return [...Buffer.from(String(value), 'base64')].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function fieldName(field: TrinoJson | undefined, index: number): string {
  const name = member(member(field, 'fieldName'), 'name');
  return typeof name === 'string' ? name : `field${index}`;
}
