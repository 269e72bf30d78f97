import { quoteText } from '../quote.ts';

export interface KeyOptions {
  readonly insensitive: boolean;
  /** a key with dots is also known with underscores in their place */
  readonly dots: boolean;
}

/** The member of a key that is another expression. */
export function findMember(json: string, key: string): string {
  return `json_extract(${json}, '/' || replace(replace(${key}, '~', '~0'), '/', '~1'))`;
}

function memberAt(json: string, key: string): string {
  return `json_extract(${json}, ${quoteText(`/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`)})`;
}

/** The member of an object by its name: as written, else the first of that name without regard to case. */
export function memberNamed(json: string, name: string, options: KeyOptions): string {
  const found = [memberAt(json, name)];
  if (options.insensitive) found.push(findMember(json, keyLike(`json_keys(${json})`, 'lower(k)', name.toLowerCase())));
  if (options.dots) found.push(findMember(json, dottedKey(`json_keys(${json})`, name, options)));
  return found.length === 1 ? `${found[0]}` : `coalesce(${found.join(', ')})`;
}

/** The member of a row's own object, whose `keys`, and those `lowered`, are known: of several with the name the last, as in Hive. */
export function columnMember(name: string, options: KeyOptions): string {
  const [list, key] = options.insensitive ? ['lowered', name.toLowerCase()] : ['keys', name];
  const last = `len(keys) + 1 - list_position(list_reverse(${list}), ${quoteText(key)})`;
  const count = `len(list_filter(${list}, lambda k: k = ${quoteText(key)}))`;
  const found = `CASE WHEN ${count} = 0 THEN NULL WHEN ${count} = 1 AND list_contains(keys, ${quoteText(name)}) THEN ${memberAt('json', name)} ELSE json_extract(json, '$.*')[${last}] END`;
  return options.dots ? `coalesce(${found}, ${findMember('json', dottedKey('keys', name, options))})` : found;
}

function dottedKey(keys: string, name: string, { insensitive }: KeyOptions): string {
  const form = insensitive ? "replace(lower(k), '.', '_')" : "replace(k, '.', '_')";
  return keyLike(keys, form, insensitive ? name.toLowerCase() : name);
}

function keyLike(keys: string, form: string, name: string): string {
  return `${keys}[list_position(list_transform(${keys}, lambda k: ${form}), ${quoteText(name)})]`;
}
