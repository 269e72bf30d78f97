import { ErganeError } from '@ergane/protocol';
import fc from 'fast-check';
import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import test from 'node:test';
import { FairQueue } from '../src/fair-queue.ts';
import { FunctionLog, readLines } from '../src/function-log.ts';
import { looksLikeJson } from '../src/payload.ts';
import { readInvokeAnswer } from '../src/platform-errors.ts';
import { readMemory, sumTrees } from '../src/process-memory.ts';
import { parseReportLine, printReportLine } from '../src/report-line.ts';

test('a fair queue gives everything once, in order within a group, groups in turn', () => {
  const queue = new FairQueue<string>();
  for (const item of ['a1', 'a2', 'a3', 'b1', 'c1', 'c2']) queue.push(item, item.slice(0, 1));
  assert.equal(queue.shift(), 'a1');
  assert(queue.delete('c1', 'c'));
  assert(!queue.delete('c1', 'c'));
  assert(!queue.delete('a1', 'a'));
  queue.push('b2', 'b');
  assert.equal(queue.size, 5);
  assert.deepEqual(
    [1, 2, 3, 4, 5, 6].map(() => queue.shift()),
    ['b1', 'c2', 'a2', 'b2', 'a3', undefined],
  );
  assert.equal(queue.size, 0);
});

test('lines are found whatever the chunks', async () => {
  const chunked = fc.tuple(fc.array(fc.string({ unit: 'grapheme' })), fc.integer({ min: 1, max: 9 }));
  await fc.assert(
    fc.asyncProperty(chunked, async ([texts, size]) => {
      const lines = texts.map((text) => text.replaceAll(/[\r\n]/g, ''));
      const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
      const found: string[] = [];
      const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
        bytes.subarray(at * size, (at + 1) * size),
      );
      const stream = Readable.from(chunks, { objectMode: true });
      readLines(stream, (line) => found.push(line));
      await new Promise((resolve) => stream.on('close', resolve));
      assert.deepEqual(found, lines);
    }),
  );
});

test('a line without an end is cut and comes all the same', async () => {
  const found: string[] = [];
  const stream = Readable.from([Buffer.alloc(200_000, 'x'), Buffer.from('\nlast')], { objectMode: true });
  readLines(stream, (line) => found.push(line));
  await new Promise((resolve) => stream.on('close', resolve));
  assert.deepEqual(
    found.map(({ length }) => length),
    [65_536, 0, 4],
  );
});

test('a log keeps the newest lines only', () => {
  const log = new FunctionLog();
  const append = (text: string) =>
    log.append({ functionName: 'f', environmentId: 'e', stream: 'stdout', time: 0, text });
  for (let index = 0; index < 10_000; index++) append(String(index));
  assert.equal(log.list().length, 2_000);
  assert.equal(log.list()[0]?.text, '8000');
  assert.deepEqual(log.lastOutput('e', 2), ['9998', '9999']);
  for (let index = 0; index < 40; index++) append('x'.repeat(65_536));
  assert.equal(log.list().length, 16);
});

test('the check of a payload takes all JSON and refuses what is cut off or no UTF-8', () => {
  fc.assert(fc.property(fc.json(), (text) => looksLikeJson(Buffer.from(text))));
  const large = fc.json().map((text) => `  ${JSON.stringify([text, 'y'.repeat(5000)])}\n`);
  fc.assert(fc.property(large, (text) => looksLikeJson(Buffer.from(text))));
  for (const text of [
    '',
    ' ',
    '{',
    '<html></html>',
    'nul',
    `{"a":"${'x'.repeat(5000)}`,
    `<p>${'x'.repeat(5000)}</p>`,
  ]) {
    assert(!looksLikeJson(Buffer.from(text)), text.slice(0, 20));
  }
  assert(!looksLikeJson(Buffer.from(`"${'\xff'.repeat(5000)}"`, 'latin1')));
});

test('a REPORT line is read as it was printed', () => {
  const report = { requestId: 'a-b', durationMs: 12.5, billedDurationMs: 113, memorySizeMb: 3008, maxMemoryUsedMb: 64 };
  const cold = { ...report, initDurationMs: 100.25 };
  assert.deepEqual(parseReportLine(`x\n${printReportLine(report)}\n`), report);
  assert.deepEqual(
    parseReportLine(`${printReportLine(report)}\n${printReportLine(cold, { status: 'timeout' })}`),
    cold,
  );
  assert.equal(parseReportLine('nothing'), undefined);
});

test("Lambda's own words for what the platform ended", () => {
  const cases: readonly (readonly [Record<string, string>, string])[] = [
    [{ errorMessage: '2025-01-01T00:00:00.000Z a-b Task timed out after 3.00 seconds' }, 'FUNCTION_TIMED_OUT'],
    [
      { errorType: 'Sandbox.Timedout', errorMessage: 'RequestId: a Error: Task timed out after 3.00 seconds' },
      'FUNCTION_TIMED_OUT',
    ],
    [
      { errorType: 'Runtime.ExitError', errorMessage: 'RequestId: a Error: Runtime exited with error: signal: killed' },
      'FUNCTION_OUT_OF_MEMORY',
    ],
    [
      { errorType: 'Runtime.ExitError', errorMessage: 'RequestId: a Error: Runtime exited with error: exit status 1' },
      'FUNCTION_CRASHED',
    ],
    [
      { errorType: 'Function.ResponseSizeTooLarge', errorMessage: 'Response payload size exceeded' },
      'FUNCTION_PAYLOAD_TOO_LARGE',
    ],
  ];
  for (const [body, code] of cases) {
    const payload = Buffer.from(JSON.stringify(body));
    assert.throws(
      () => readInvokeAnswer('shop', { payload, functionError: 'Unhandled' }),
      (error) => {
        assert(error instanceof ErganeError);
        assert.equal(error.code, code);
        assert.match(error.message, /function "shop": /);
        return true;
      },
    );
  }
  const payload = Buffer.from('{"errorType":"TypeError","errorMessage":"Task timed out after 3 seconds"}');
  assert.equal(readInvokeAnswer('shop', { payload, functionError: 'Unhandled' }).functionError, 'Unhandled');
});

test('memory is summed over process trees', async () => {
  const table = '    1     0  1024\n   10     1  2048\n   11    10  4096\n   12    11  1024\n   20     1   512\n';
  assert.deepEqual(
    sumTrees(table, [10, 20, 99]),
    new Map([
      [10, { residentMb: 7, peakMb: 7 }],
      [20, { residentMb: 0.5, peakMb: 0.5 }],
    ]),
  );
  const own = (await readMemory([process.pid])).get(process.pid);
  assert(own && own.residentMb > 20 && own.peakMb >= own.residentMb);
});
