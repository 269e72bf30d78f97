import { ErganeError } from '@ergane/protocol';

/** One operator of DuckDB's optimised plan, as `json_serialize_plan` gives it. */
export class PlanNode {
  readonly type: string;
  readonly children: readonly PlanNode[];
  readonly #json: JsonObject;

  constructor(json: JsonObject) {
    this.#json = json;
    this.type = text(json, 'type');
    this.children = list(json, 'children')
      .filter(isObject)
      .map((child) => new PlanNode(child));
  }

  text(name: string): string {
    return text(this.#json, name);
  }

  objects(name: string): JsonObject[] {
    return list(this.#json, name).filter(isObject);
  }

  values(name: string): readonly unknown[] {
    return list(this.#json, name);
  }

  flag(name: string): boolean {
    return this.#json[name] === true;
  }

  /** The constant of a LIMIT or OFFSET: 0 when unset, undefined when it is no constant. */
  limitValue(name: string): number | undefined {
    const json = object(this.#json, name);
    if (text(json, 'type').startsWith('UNSET')) return 0;
    const value = json['constant_integer'];
    return text(json, 'type') === 'CONSTANT_VALUE' && typeof value === 'number' ? value : undefined;
  }

  /** A whole number, -1 when it is absent or none. */
  integer(name: string): number {
    const value = this.#json[name];
    return typeof value === 'number' && Number.isSafeInteger(value) ? value : -1;
  }
}

export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function text(json: JsonObject, name: string): string {
  const value = json[name];
  return typeof value === 'string' ? value : '';
}

export function list(json: JsonObject, name: string): readonly unknown[] {
  const value = json[name];
  return Array.isArray(value) ? value : [];
}

export function object(json: JsonObject, name: string): JsonObject {
  const value = json[name];
  return isObject(value) ? value : {};
}

/** Whole numbers that a double cannot hold become text; a quote inside a string is escaped, so the pattern cannot match there. */
const LARGE_INTEGER = /("(?:value|upper|lower)":)(-?\d{16,})(?=[,}\]])/g;

/** Constants that are no numbers in JSON, which DuckDB prints bare. */
const NO_NUMBER = /("(?:value|upper|lower)":)(-?(?:nan|inf(?:inity)?))(?=[,}\]])/gi;

/** Reads the plan; undefined when DuckDB could not serialise it (which costs pushdown, not correctness) and why. */
export function parsePlan(json: string): { readonly root: PlanNode } | { readonly problem: string } {
  const parsed: unknown = JSON.parse(json.replace(LARGE_INTEGER, '$1"$2"').replace(NO_NUMBER, '$1"$2"'));
  if (!isObject(parsed)) throw new ErganeError('INTERNAL', 'DuckDB gave a plan that is no object');
  if (parsed['error'] === true) return { problem: text(parsed, 'error_message') };
  const [root] = list(parsed, 'plans').filter(isObject);
  return root ? { root: new PlanNode(root) } : { problem: 'the plan is empty' };
}

/** The operator and all below it. */
export function allNodes(root: PlanNode): PlanNode[] {
  return [root, ...root.children.flatMap(allNodes)];
}
