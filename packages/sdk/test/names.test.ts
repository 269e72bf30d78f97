import assert from 'node:assert/strict';
import test from 'node:test';
import { ErganeError } from '@ergane/protocol';
import { Field, Int32, List, Schema, Struct, Uint32, Utf8, LargeUtf8 } from 'apache-arrow';
import { makeCaseResolution } from '../src/case-resolution.ts';
import { assertSupportedTypes } from '../src/supported-types.ts';
import { makeNamesDefinition, makeTestContext } from './memory-connector.ts';

const schema = new Schema([new Field('id', new Int32(), true)]);
const TABLES = {
  Shop: ['orders', 'Customers', 'CUSTOMERS', 'Übersicht', 'mixedCase'],
  twice: [],
  TWICE: [],
};

function open() {
  const asked: string[] = [];
  const definition = makeNamesDefinition(TABLES, (_context, tableName) => {
    asked.push(`${tableName.schemaName}.${tableName.tableName}`);
    const tables: readonly string[] = Object.entries(TABLES).find(([name]) => name === tableName.schemaName)?.[1] ?? [];
    return Promise.resolve(tables.includes(tableName.tableName) ? { tableName, schema } : undefined);
  });
  const resolution = makeCaseResolution(definition);
  const describe = async (schemaName: string, tableName: string) =>
    (await resolution.describeTable(makeTestContext(), { schemaName, tableName })).tableName;
  return { asked, resolution, describe };
}

const fails = (code: string, ...words: string[]) => {
  return (error: unknown) => {
    assert.ok(error instanceof ErganeError, String(error));
    assert.equal(error.code, code);
    for (const word of words) assert.ok(error.message.includes(word), `${error.message} lacks ${word}`);
    return true;
  };
};

test('the exact name wins', async () => {
  const { describe, asked } = open();
  assert.deepEqual(await describe('Shop', 'Customers'), { schemaName: 'Shop', tableName: 'Customers' });
  assert.deepEqual(asked, ['Shop.Customers']);
});

test('a lower-cased name finds the one that differs in case, also on a later page, and is remembered', async () => {
  const { describe, asked } = open();
  assert.deepEqual(await describe('shop', 'mixedcase'), { schemaName: 'Shop', tableName: 'mixedCase' });
  assert.deepEqual(await describe('shop', 'übersicht'), { schemaName: 'Shop', tableName: 'Übersicht' });
  asked.length = 0;
  assert.deepEqual(await describe('shop', 'mixedcase'), { schemaName: 'Shop', tableName: 'mixedCase' });
  assert.deepEqual(asked, ['Shop.mixedCase']);
});

test('names that differ only in case are ambiguous, with both named', async () => {
  const { describe, resolution } = open();
  await assert.rejects(describe('shop', 'customers'), fails('AMBIGUOUS_NAME', '"Customers"', '"CUSTOMERS"', 'memory'));
  await assert.rejects(resolution.findSchema(makeTestContext(), 'Twice'), fails('AMBIGUOUS_NAME', '"TWICE"'));
  assert.equal(await resolution.findSchema(makeTestContext(), 'twice'), 'twice');
});

test('what is not there is said not to be there', async () => {
  const { describe } = open();
  await assert.rejects(describe('shop', 'nothing'), fails('TABLE_NOT_FOUND', '"nothing"', '"Shop"', 'memory'));
  await assert.rejects(describe('nowhere', 'orders'), fails('SCHEMA_NOT_FOUND', '"nowhere"', 'memory'));
});

test('types that Athena does not have are refused with the column, also inside others', () => {
  const tableName = { schemaName: 's', tableName: 't' };
  const check = (field: Field) => () => assertSupportedTypes({ tableName, schema: new Schema([field]) }, 'memory');
  check(new Field('fine', new List(new Field('', new Struct([new Field('x', new Utf8(), true)]), true)), true))();
  assert.throws(check(new Field('big', new Uint32(), true)), fails('NOT_SUPPORTED', '"big"', 'memory.s.t', 'Uint32'));
  const deep = new List(new Field('', new Struct([new Field('x', new LargeUtf8(), true)]), true));
  assert.throws(check(new Field('deep', deep, true)), fails('NOT_SUPPORTED', '"deep"', 'LargeUtf8'));
  const twice = new Schema([new Field('a', new Utf8()), new Field('a', new Utf8())]);
  assert.throws(
    () => assertSupportedTypes({ tableName, schema: twice }, 'memory'),
    fails('DUPLICATE_COLUMN_NAME', '"a"'),
  );
  assert.throws(
    () => assertSupportedTypes({ tableName, schema, partitionColumns: ['day'] }, 'memory'),
    fails('FUNCTION_FAILED', '"day"'),
  );
});
