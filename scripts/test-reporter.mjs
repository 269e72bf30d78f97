// Prints what failed and was skipped as it happens, a dot-free line a file, and at the end `N passed, N failed, N skipped`.
import path from 'node:path';

const isFile = (name) => /\.test\.[cm]?[jt]s$/.test(name);
const shortName = (file) => (file ? path.relative(process.cwd(), file) : '');

export default async function* report(source) {
  const totals = { passed: 0, failed: 0, skipped: 0 };
  const files = new Map();
  const names = [];
  for await (const { type, data } of source) {
    if (type === 'test:start') names[data.nesting] = data.name;
    if (type === 'test:stderr' || type === 'test:stdout') {
      if (data.message.trim()) yield data.message;
      continue;
    }
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    if (data.details?.type === 'suite') continue;
    if (type === 'test:pass' && isFile(data.name) && data.nesting === 0) continue;
    const where = `${shortName(data.file)} > ${[...names.slice(0, data.nesting), data.name].join(' > ')}`;
    if (data.skip !== undefined || data.todo !== undefined) {
      totals.skipped++;
      yield `skipped  ${where}${typeof data.skip === 'string' ? `: ${data.skip}` : ''}\n`;
    } else if (type === 'test:pass') {
      totals.passed++;
    } else if (data.details?.error?.failureType === 'subtestsFailed') {
      continue;
    } else {
      totals.failed++;
      const error = data.details?.error?.cause ?? data.details?.error;
      const text = error?.stack ?? String(error);
      yield `FAILED   ${where}\n${text.replace(/^/gm, '    ')}\n`;
      for (const part of ['expected', 'actual'])
        if (error?.[part] !== undefined)
          yield `    ${part}: ${String(JSON.stringify(error[part], replacer)).slice(0, 2000)}\n`;
    }
    const file = files.get(data.file) ?? { tests: 0, ms: 0 };
    files.set(data.file, {
      tests: file.tests + 1,
      ms: file.ms + (data.nesting === 0 ? (data.details?.duration_ms ?? 0) : 0),
    });
  }
  const slowest = [...files].sort((a, b) => b[1].ms - a[1].ms).slice(0, 5);
  for (const [file, { tests, ms }] of slowest)
    yield `${(ms / 1000).toFixed(1).padStart(6)} s  ${shortName(file)} (${tests} tests)\n`;
  yield `${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped\n`;
}

const replacer = (_, value) => (typeof value === 'bigint' ? `${value}n` : value);
