import assert from 'node:assert/strict';
import test from 'node:test';
import {
  addKind,
  addNumber,
  elementShape,
  inferColumns,
  inferType,
  makeShape,
  memberShape,
  printColumnType,
} from '../src/index.ts';
import type { Shape } from '../src/index.ts';

const shapeOf = (add: (shape: Shape) => void): Shape => {
  const shape = makeShape();
  add(shape);
  return shape;
};
const infer = (add: (shape: Shape) => void, complete = true): string =>
  printColumnType(inferType(shapeOf(add), complete));

void test('numbers have the type that holds all of them', () => {
  assert.equal(
    infer((shape) => addNumber(shape, '9223372036854775807', 'integer')),
    'bigint',
  );
  assert.equal(
    infer((shape) => {
      addNumber(shape, '12', 'integer');
      addNumber(shape, 'NaN', 'double');
      addNumber(shape, '1e300', 'double');
    }),
    'double',
  );
  assert.equal(
    infer((shape) => {
      addNumber(shape, '9007199254740993', 'integer');
      addNumber(shape, '0.5', 'double');
    }),
    'decimal(38,1)',
    'no double holds the integer',
  );
  assert.equal(
    infer((shape) => addNumber(shape, '0.12345')),
    'decimal(38,5)',
  );
  assert.equal(
    infer((shape) => addNumber(shape, '0.12345'), false),
    'decimal(38,9)',
    'the sample is not all',
  );
  assert.equal(
    infer((shape) => addNumber(shape, `1${'0'.repeat(40)}`)),
    'double',
  );
  assert.equal(
    infer((shape) => addNumber(shape, `${'1'.repeat(40)}`)),
    'varchar',
  );
});

void test('what has no type in common is varchar, and documents are rows', () => {
  assert.equal(
    infer((shape) => {
      addKind(shape, 'text');
      addNumber(shape, '1');
    }),
    'varchar',
  );
  assert.equal(
    infer((shape) => {
      addKind(shape, 'map');
      addKind(memberShape(shape.members, 'b'), 'timestamp');
      addKind(memberShape(shape.members, 'a'), 'list');
      addKind(elementShape(memberShape(shape.members, 'a')), 'boolean');
    }),
    'row("a" array(boolean), "b" timestamp)',
  );
  assert.equal(
    infer((shape) => {
      addKind(shape, 'map');
      for (let index = 0; index < 300; index++) addNumber(memberShape(shape.members, `k${index}`), '1', 'integer');
    }),
    'map(varchar, bigint)',
  );
  assert.equal(
    infer((shape) => {
      addKind(shape, 'map');
      addKind(memberShape(shape.members, 'a'), 'text');
      addKind(memberShape(shape.members, 'A'), 'text');
    }),
    'varchar',
    'SQL cannot tell the members apart',
  );
});

void test('no column is lost, whatever the case of its name', () => {
  const members = new Map(['name', 'NAME', 'Name', 'id', 'always_null'].map((name) => [name, makeShape()]));
  const columns = inferColumns({ members, documentCount: 1, complete: true }, ['id']);
  assert.deepEqual(
    columns.map(({ name, source }) => [name, source]),
    [
      ['id', 'id'],
      ['name_2', 'NAME'],
      ['name_3', 'Name'],
      ['always_null', 'always_null'],
      ['name', 'name'],
    ],
  );
});
