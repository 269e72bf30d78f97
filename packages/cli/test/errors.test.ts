import { ErganeError } from '@ergane/protocol';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseArguments } from '../src/arguments.ts';
import { exitCodeOf } from '../src/exit-codes.ts';
import { printError } from '../src/print-error.ts';
import { printBytes, printProgress } from '../src/progress.ts';
import { suggest } from '../src/suggest.ts';
import { UsageError } from '../src/usage-error.ts';

test('an error is one line with code, message and what the message does not say of where', () => {
  const where = { catalog: 'shop', table: 'orders', column: 'id', line: 3, col: 7 };
  const error = new ErganeError('TYPE_MISMATCH', 'orders.id is a bigint', { where });
  assert.equal(printError(error), 'TYPE_MISMATCH: orders.id is a bigint (line 3, column 7, catalog shop)');
  const syntax = new ErganeError('SYNTAX_ERROR', 'line 1:5: mismatched input', { where: { line: 1, col: 5 } });
  assert.equal(printError(syntax), 'SYNTAX_ERROR: line 1:5: mismatched input');
});

test('--verbose shows causes and stacks; what is no error of Ergane says so', () => {
  const cause = new Error('socket closed', { cause: new ErganeError('STORE_FAILED', 'disk full') });
  const text = printError(new ErganeError('SOURCE_FAILED', 'it failed', { cause }), { verbose: true });
  assert.match(text, /^SOURCE_FAILED: it failed\n {4}at .*errors\.test\.ts/);
  assert.match(text, /\n {2}caused by Error: socket closed\n/);
  assert.match(text, /\n {2}caused by STORE_FAILED: disk full\n/);
  assert.match(printError(new TypeError('x is undefined')), /^INTERNAL: x is undefined \(a fault of Ergane/);
});

test('exit codes by whose fault it is', () => {
  const codes = [
    'SYNTAX_ERROR',
    'CONFIG_INVALID',
    'SOURCE_FAILED',
    'FUNCTION_CRASHED',
    'SPILL_CORRUPT',
    'INTERNAL',
    'QUERY_CANCELLED',
  ] as const;
  assert.deepEqual(
    codes.map((code) => exitCodeOf(new ErganeError(code, ''))),
    [1, 1, 3, 4, 4, 5, 130],
  );
  assert.equal(exitCodeOf(new UsageError('')), 2);
  assert.equal(exitCodeOf(new Error('')), 5);
});

test('an option that does not exist is named, with a suggestion', () => {
  const specs = { format: { value: 'F', help: '' }, quiet: { short: 'q', help: '' } };
  assert.throws(
    () => parseArguments(['--formt', 'csv'], specs),
    /there is no option --formt; did you mean "--format"\?/,
  );
  assert.throws(() => parseArguments(['--format'], specs), /--format.* argument missing/);
  const args = parseArguments(['a', '-q', '--format=csv', 'b'], specs);
  assert.deepEqual([args.flag('quiet'), args.text('format'), args.positionals], [true, 'csv', ['a', 'b']]);
});

test('suggestions are near words only', () => {
  assert.equal(suggest('memory_mb', ['memoryMb', 'timeoutSeconds']), 'memoryMb');
  assert.equal(suggest('fucntions', ['functions']), 'functions');
  assert.equal(suggest('xyz', ['functions', 'spill']), undefined);
});

test('a line of progress', () => {
  const scan = {
    catalog: 'shop',
    table: 'public.orders',
    splits: 12,
    splitsDone: 3,
    rows: 1_234_567,
    bytes: 45_000_000,
    running: 1,
  };
  assert.deepEqual(printProgress({ scans: [scan, { ...scan, table: 'public.p', running: 0 }] }), [
    'shop.public.orders  3/12 splits  1,234,567 rows  45.0 MB  1 function',
    'shop.public.p       3/12 splits  1,234,567 rows  45.0 MB',
  ]);
  assert.deepEqual([0, 999, 1000, 999_999, 123_456_789_000].map(printBytes), [
    '0 bytes',
    '999 bytes',
    '1.0 kB',
    '1000 kB',
    '123 GB',
  ]);
});
