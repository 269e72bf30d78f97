import { joinLines } from './split-statements.ts';

const NAME = String.raw`(?:"((?:[^"]|"")+)"|\`((?:[^\`]|\`\`)+)\`|([a-z_][\w$@-]*))`;
const USE = new RegExp(String.raw`^use ${NAME}(?:\s*\.\s*${NAME})?;?$`, 'i');

/** `USE schema` or `USE catalog.schema`; undefined: another statement. */
export function parseUse(statement: string): { readonly catalog?: string; readonly schema: string } | undefined {
  const match = USE.exec(joinLines(statement).trim());
  if (match === null) return undefined;
  const first = readName(match.slice(1, 4));
  const second = readName(match.slice(4, 7));
  if (first === undefined) return undefined;
  return second === undefined ? { schema: first } : { catalog: first, schema: second };
}

function readName([double, back, plain]: readonly (string | undefined)[]): string | undefined {
  return (double?.replaceAll('""', '"') ?? back?.replaceAll('``', '`') ?? plain)?.toLowerCase();
}
