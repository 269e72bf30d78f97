import assert from 'node:assert/strict';
import { isOrderable, readValue, valueSetContains } from '@ergane/protocol';
import type { GetTableResponse, Value, ValueSet } from '@ergane/protocol';
import type { RecordBatch } from 'apache-arrow';
import fc from 'fast-check';
import { arbitraryValueSet } from './arbitrary-value-set.ts';
import type { ContractTable } from './contract.ts';
import { readRows } from './contract-session.ts';
import type { ContractTest } from './metadata-contract.ts';
import { assertRows, plainRows, rowText, sortedRows } from './plain-rows.ts';

type Summary = Readonly<Record<string, ValueSet>>;

/** Constraints pushed into the source give what filtering the whole table gives. */
export const predicatesContract: Readonly<Record<string, ContractTest>> = {
  async 'every kind of value set on every column agrees with filtering the whole table'(
    session,
    { tables, predicates = 40 },
  ) {
    for (const table of tables) {
      const described = await session.describe(table);
      const batches = await session.client().readTable(described);
      const client = session.client();
      for (const summary of sampleSummaries(described, batches, predicates)) {
        const expected = sortedRows(filterNaively(batches, summary));
        const found = await readRows(client, described, { constraints: { summary } });
        assertRows(found, expected, describeFailure(table, summary));
      }
    }
  },

  async 'a column that is filtered and not read leaves no row out'(session, { tables, predicates = 40 }) {
    for (const table of tables) {
      const described = await session.describe(table);
      const batches = await session.client().readTable(described);
      for (const summary of sampleSummaries(described, batches, Math.ceil(predicates / 4))) {
        const columns = described.schema.fields.map((field) => field.name).filter((name) => !(name in summary));
        const kept = described.schema.fields.flatMap((field, index) => (columns.includes(field.name) ? [index] : []));
        const wanted = filterNaively(batches, summary).map((row) => rowText(kept.map((index) => row[index])));
        const found = [...(await readRows(session.client(), described, { constraints: { summary }, columns }))];
        for (const row of wanted) {
          const at = found.indexOf(row);
          assert.ok(at >= 0, `a row is missing: ${row} of ${describeFailure(table, summary)}`);
          found.splice(at, 1);
        }
      }
    }
  },
};

/** One column at a time, each of them, then several together. */
function sampleSummaries({ schema }: GetTableResponse, batches: readonly RecordBatch[], count: number): Summary[] {
  const sets = schema.fields.map((field, index) => arbitraryValueSet(field.type, sampleColumn(batches, index)));
  const perColumn = Math.max(2, Math.floor(count / Math.max(1, schema.fields.length)));
  const single = schema.fields.flatMap(({ name }, index) => {
    const set = sets[index];
    if (set === undefined) return [];
    return fc.sample(set, { numRuns: perColumn, seed: index + 1 }).map((found): Summary => ({ [name]: found }));
  });
  const several = fc
    .shuffledSubarray([...schema.fields.keys()], {
      minLength: Math.min(2, schema.fields.length),
      maxLength: Math.min(4, schema.fields.length),
    })
    .chain((indexes) =>
      fc.tuple(
        ...indexes.map((index) =>
          (sets[index] ?? fc.constant(undefined)).map((set) => [schema.fields[index]?.name, set] as const),
        ),
      ),
    )
    .map((entries): Summary => {
      const known = entries.flatMap(([name, set]) =>
        name === undefined || set === undefined ? [] : [[name, set] as const],
      );
      return Object.fromEntries(known);
    });
  return [...single, ...fc.sample(several, { numRuns: Math.ceil(count / 2), seed: 99 })];
}

function sampleColumn(batches: readonly RecordBatch[], index: number): Value[] {
  const type = batches[0]?.schema.fields[index]?.type;
  if (type === undefined || !isOrderable(type)) return [];
  const values = batches.flatMap((batch) =>
    Array.from({ length: Math.min(batch.numRows, 200) }, (_, row) => {
      const data = batch.data.children[index];
      return data === undefined ? null : readValue(data, row);
    }),
  );
  return values.filter((value) => value !== null);
}

function filterNaively(batches: readonly RecordBatch[], summary: Summary): unknown[][] {
  return batches.flatMap((batch) => {
    const checks = Object.entries(summary).flatMap(([name, set]) => {
      const index = batch.schema.fields.findIndex((field) => field.name === name);
      const data = batch.data.children[index];
      // values without an order are never filtered (section 3.6)
      return data === undefined || !isOrderable(data.type) ? [] : [{ data, set }];
    });
    return plainRows(batch).filter((_, row) =>
      checks.every(({ data, set }) => valueSetContains(set, readValue(data, row))),
    );
  });
}

function describeFailure({ tableName }: ContractTable, summary: Summary): string {
  const text = JSON.stringify(summary, (name, value: unknown) => {
    if (name === 'type') return String(value);
    return typeof value === 'bigint'
      ? `${value}n`
      : value instanceof Uint8Array
        ? Buffer.from(value).toString('hex')
        : value;
  });
  return `${tableName} where ${text}`;
}
