import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Node } from 'yaml';

export interface ParsedText {
  readonly value: unknown;
  /** the first error of syntax */
  readonly error?: { readonly line: number; readonly message: string };
  /** The line of the key or list item that a path ends at, from 1; of the nearest one above it that the text has. */
  readonly findLine: (path: readonly (string | number)[]) => number | undefined;
}

/** Parses YAML, and JSON, which is YAML too. */
export function parseWithLines(text: string): ParsedText {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const lineAt = (offset: number) => lines.linePos(offset).line;
  const findLine = (path: readonly (string | number)[]): number | undefined => {
    let node: unknown = document.contents;
    let offset: number | undefined;
    for (const part of path) {
      const step = findChild(node, part);
      offset = step?.at?.range?.[0] ?? offset;
      node = step?.value;
    }
    return offset === undefined ? undefined : lineAt(offset);
  };
  const [error] = document.errors;
  if (error === undefined) return { value: document.toJS() as unknown, findLine };
  return { value: undefined, error: { line: lineAt(error.pos[0]), message: error.message }, findLine };
}

function findChild(node: unknown, part: string | number): { readonly at?: Node; readonly value: unknown } | undefined {
  if (isMap(node)) {
    const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(part));
    return pair === undefined ? undefined : { ...(isScalar(pair.key) && { at: pair.key }), value: pair.value };
  }
  if (!isSeq(node) || typeof part !== 'number') return undefined;
  const item = node.items[part];
  return { ...(isScalar(item) && { at: item }), value: item };
}
