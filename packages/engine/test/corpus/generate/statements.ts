import { aggregateCases } from './aggregate-cases.ts';
import { formatCases, jsonPathCases } from './format-cases.ts';
import { LAMBDA_CALLS } from './lambda-calls.ts';
import { OTHER_CASES, windowCases } from './window-cases.ts';
import { operatorCases } from './operator-cases.ts';
import { callsOf, readTrinoFunctions, signatureText, type TrinoFunction } from './signature-cases.ts';

/** A generated statement: an expression, which may share a statement with others, or a whole statement. */
export interface Statement {
  readonly family: string;
  readonly sql: string;
  readonly expression?: string;
  /** the signature that it tries, as SHOW FUNCTIONS has it */
  readonly signature?: string;
  readonly tolerance?: number;
}

/** Everything that is generated; the same for the same number of rounds. */
export function* generateStatements(rounds: number): Generator<Statement> {
  const seen = new Set<string>();
  for (const each of readTrinoFunctions()) {
    const signature = signatureText(each);
    if (seen.has(signature)) continue;
    seen.add(signature);
    if (each.kind === 'scalar' && each.deterministic)
      for (const args of callsOf(each, rounds))
        yield expression(familyOf(each), `${wrap(each, `${each.name}(${args.join(', ')})`)}`, signature);
    if (each.kind === 'aggregate')
      for (const sql of aggregateCases(each, rounds))
        yield { family: 'aggregate', sql: wrapAggregate(each, sql), signature };
  }
  for (const call of LAMBDA_CALLS) yield expression('lambda', call, lambdaSignature(call));
  for (const [signature, sql] of windowCases()) yield { family: 'window', sql, signature };
  for (const [signature, sql] of OTHER_CASES) yield { family: 'special', sql, signature };
  for (const [family, text] of operatorCases(Math.ceil(rounds / 6))) yield expression(family, text);
  for (const [family, text] of formatCases(rounds)) yield expression(family, text);
  for (const [family, text] of jsonPathCases(Math.ceil(rounds / 2))) yield expression(family, text);
}

const expression = (family: string, text: string, signature?: string): Statement => ({
  family,
  sql: '',
  expression: text,
  ...(signature === undefined ? {} : { signature }),
});

/** The signature of a call whose arguments hold a lambda. */
function lambdaSignature(call: string): string | undefined {
  const name = /^\w+/.exec(call)?.[0];
  const found = readTrinoFunctions().find((each) => each.name === name && each.arguments.includes('function('));
  return found && call.includes('->') ? signatureText(found) : undefined;
}

/** Sketches and colours have no text; what they hold is looked at. */
function wrap({ returns }: TrinoFunction, call: string): string {
  if (returns === 'hyperloglog' || returns === 'setdigest') return `cardinality(${call})`;
  if (returns === 'tdigest' || returns.startsWith('qdigest')) return `value_at_quantile(${call}, 0.5e0)`;
  if (returns === 'color') return `render('x', ${call})`;
  if (returns === 'bingtile') return `bing_tile_quadkey(${call})`;
  return call;
}

function wrapAggregate(each: TrinoFunction, sql: string): string {
  const wrapped = wrap(each, '#');
  if (wrapped === '#') return sql;
  const end = sql.indexOf(' FROM (VALUES');
  const start = sql.indexOf(`${each.name}(`);
  return `${sql.slice(0, start)}${wrapped.replace('#', sql.slice(start, end))}${sql.slice(end)}`;
}

function familyOf({ name, arguments: list, returns }: TrinoFunction): string {
  for (const [family, pattern] of FAMILIES) if (pattern.test(`${name}(${list})->${returns}`)) return family;
  return 'other';
}

const FAMILIES: readonly (readonly [string, RegExp])[] = [
  ['geo', /geometry|spherical|bingtile|polyline|kdbtree|great_circle/i],
  ['sketch', /digest|hyperloglog/],
  ['color', /color|^bar|^render|^rgb/],
  ['json', /json/],
  ['url', /^url/],
  ['regexp', /^regexp/],
  ['bitwise', /^bit/],
  ['map', /map\(/],
  ['array', /array\(/],
  ['binary', /varbinary/],
  ['datetime', /\b(date|time|timestamp|interval)\b|unixtime|iso8601|date_/],
  ['string', /varchar|char\(/],
  ['math', /./],
];
