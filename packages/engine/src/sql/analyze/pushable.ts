/**
 * Parts of a query that a source may be able to answer whole. The text of the query has a mark in place of each; `chooseParts` puts the
 * part itself there, or what reads the source's answer. NUL, which no statement may hold, encloses a mark.
 */
export interface PushablePart {
  readonly id: number;
  /** what stands in the text when the engine does the work; may hold marks of parts within */
  readonly plain: string;
  /** the part alone, a SELECT; may hold marks */
  readonly query: string;
  /** names of the query's columns */
  readonly columns: readonly string[];
  /** what stands in the text when `answer`, a SELECT of the same columns, does the work */
  readonly pushed: (answer: string) => string;
}

export type PushableParts = PushablePart[];

const MARK = /\0c(\d+)\0/g;

/** Registers a part and gives the mark that stands for it. */
export function markPart(parts: PushableParts, part: Omit<PushablePart, 'id'>): string {
  const id = parts.length;
  parts.push({ ...part, id });
  return `\0c${id}\0`;
}

/** The text with every mark replaced: `answers` has the parts that a source answers. */
export function chooseParts(
  text: string,
  parts: readonly PushablePart[],
  answers: ReadonlyMap<number, string>,
): string {
  return text.replaceAll(MARK, (_mark, digits: string) => {
    const part = parts[Number(digits)];
    if (!part) return '';
    const answer = answers.get(part.id);
    return answer === undefined ? chooseParts(part.plain, parts, answers) : part.pushed(answer);
  });
}

/** The parts whose marks stand in the text itself, not within other parts. */
export function outermostParts(text: string, parts: readonly PushablePart[]): readonly PushablePart[] {
  return [...text.matchAll(MARK)].flatMap(([, digits]) => parts[Number(digits)] ?? []);
}

const AGGREGATE = /\0a(\d+)\0/g;

/** A mark for one of DuckDB's aggregates within an expression that Trino's aggregate is made of. */
export function markAggregate(aggregates: string[], text: string): string {
  const known = aggregates.indexOf(text);
  const index = known >= 0 ? known : aggregates.push(text) - 1;
  return `\0a${index}\0`;
}

export function replaceAggregates(text: string, replace: (index: number) => string): string {
  return text.replaceAll(AGGREGATE, (_mark, digits: string) => replace(Number(digits)));
}
