import type { ValueSet } from '@ergane/protocol';
import { ErganeError, singleValues, valueSetContains } from '@ergane/protocol';
import { parseHiveType } from '../../metastore/hive-type.ts';
import type { PartitionDefinition, TableDefinition } from '../../metastore/metastore.ts';
import { encodeFolder } from '../partition-folder.ts';
import { parsePartitionValue } from '../partition-value.ts';
import {
  failProperty,
  findProperty,
  MAX_PROJECTED,
  ownText,
  tooMany,
  type ProjectedColumn,
  type ProjectedValue,
} from './column-projection.ts';
import { dateValues } from './date-projection.ts';
import { integerValues } from './integer-projection.ts';

const TEMPLATE = 'storage.location.template';

/** Whether the table's properties tell its partitions; those of the metastore are then ignored, as in Athena. */
export function isProjected({ parameters, partitionKeys }: TableDefinition): boolean {
  return partitionKeys.length > 0 && /^true$/i.test(ownText(parameters, 'projection.enabled')?.trim() ?? '');
}

/**
 * The partitions that a table's properties tell and the query admits
 * (https://docs.aws.amazon.com/athena/latest/ug/partition-projection.html). Nothing is listed for it: a partition of no files has no rows.
 * @throws ErganeError CONFIG_INVALID for a property that is wrong, CONSTRAINT_VIOLATION where the query must say more
 */
export function projectPartitions(
  table: TableDefinition,
  summary: Readonly<Record<string, ValueSet>>,
  now: number,
): readonly PartitionDefinition[] {
  const template = locationTemplate(table);
  // a template says the folders itself; in those of Hive some characters are escaped
  const isTemplate = ownText(table.parameters, TEMPLATE) !== undefined;
  let rows: readonly (readonly ProjectedValue[])[] = [[]];
  for (const column of table.partitionKeys) {
    const admitted = Object.hasOwn(summary, column.name) ? summary[column.name] : undefined;
    const projected: ProjectedColumn = { table, column, type: parseHiveType(column.type), admitted, now };
    const values = [...valuesOf(projected)].filter((value) => isAdmitted(projected, value.text));
    if (rows.length * values.length > MAX_PROJECTED) throw tooMany(projected);
    rows = rows.flatMap((row) => values.map((value) => [...row, value]));
  }
  return rows.map((row) => ({
    values: row.map(({ text }) => text),
    location: template.replace(/\$\{([^}]*)\}/g, (whole, name: string) => {
      const index = table.partitionKeys.findIndex((key) => key.name === name.trim().toLowerCase());
      const inLocation = row[index]?.inLocation ?? whole;
      return isTemplate ? inLocation : encodeFolder(inLocation);
    }),
  }));
}

function isAdmitted({ admitted, type, column }: ProjectedColumn, text: string): boolean {
  return admitted === undefined || valueSetContains(admitted, parsePartitionValue(text, type, column.name));
}

function valuesOf(projected: ProjectedColumn): Iterable<ProjectedValue> {
  const kind = findProperty(projected, 'type')?.toLowerCase();
  switch (kind) {
    case 'enum':
      return enumValues(projected);
    case 'integer':
      return integerValues(projected);
    case 'date':
      return dateValues(projected);
    case 'injected':
      return injectedValues(projected);
    case undefined:
    default:
      return failProperty(projected, 'type', 'enum, integer, date or injected');
  }
}

/** `values` by commas; blanks belong to them. */
function enumValues(projected: ProjectedColumn): readonly ProjectedValue[] {
  const { table, column } = projected;
  const text = ownText(table.parameters, `projection.${column.name}.values`);
  if (text === undefined || text === '') return failProperty(projected, 'values', 'a list such as A,B,C');
  return [...new Set(text.split(','))].map((value) => ({ text: value, inLocation: value }));
}

/** Nothing but the query says the values. */
function injectedValues({ table, column, admitted, type }: ProjectedColumn): readonly ProjectedValue[] {
  const listed = admitted && singleValues(admitted);
  if (listed === undefined || admitted?.nullAllowed !== false)
    throw new ErganeError(
      'CONSTRAINT_VIOLATION',
      `For the injected projected partition column ${column.name}, the WHERE clause must contain only static equality conditions, and at least one such condition must be present`,
      { where: { table: table.name, column: column.name } },
    );
  return listed.map((value) => {
    const text = type.kind === 'date' ? new Date(Number(value) * 86_400_000).toISOString().slice(0, 10) : String(value);
    return { text, inLocation: text };
  });
}

/** `storage.location.template`, which must name every key; else Hive's folders. */
function locationTemplate(table: TableDefinition): string {
  const setting = TEMPLATE;
  const template = ownText(table.parameters, setting)?.trim();
  const keys = table.partitionKeys.map(({ name }) => name);
  if (template === undefined) return `${table.location}${keys.map((name) => `${name}=\${${name}}/`).join('')}`;
  const named = Array.from(template.matchAll(/\$\{([^}]*)\}/g), ([, name = '']) => name.trim().toLowerCase());
  const missing = keys.find((name) => !named.includes(name));
  const strange = named.find((name) => !keys.includes(name));
  if (missing === undefined && strange === undefined) return template;
  const problem = missing === undefined ? `names no partition key by \${${strange ?? ''}}` : `lacks \${${missing}}`;
  throw new ErganeError(
    'CONFIG_INVALID',
    `table property ${setting} of table ${table.name} ${problem}: it is "${template}"`,
    {
      where: { table: table.name, setting },
    },
  );
}
