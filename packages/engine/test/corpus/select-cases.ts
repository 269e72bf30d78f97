// Chooses what is kept of recorded answers. Usage: select-cases.ts FROM TO [--always FILE] [--per-signature N] [--per-family N]
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readFamilies, type CorpusCase } from './corpus-case.ts';

const args = process.argv.slice(2);
const option = (name: string) => (args.includes(name) ? args.splice(args.indexOf(name), 2)[1] : undefined);
const always = option('--always');
const perSignature = Number(option('--per-signature') ?? 3);
const perFamily = Number(option('--per-family') ?? 100);
const [from = '', to = ''] = args;
/** cases that once found a difference */
const kept = new Set(always === undefined ? [] : readFileSync(always, 'utf8').split('\n'));

/** What libraries of mathematics compute to the last digit but one. */
const INEXACT =
  /\b(?:cbrt|cosh|sinh|tanh|exp|ln|log\w*|pow\w*|a?sin|a?cos|a?tan2?|\w*beta_cdf|\w*normal_cdf|t_cdf|t_pdf|kurtosis|skewness|stddev\w*|var\w*|corr|covar\w*|regr\w*|geometric_mean|avg|sum|wilson\w*|cosine\w*|great_circle\w*|numeric_histogram|degrees|radians|sqrt|euclidean\w*|value\w*_at_quantile\w*|approx_percentile)\(/;

mkdirSync(to, { recursive: true });
for (const [family, cases] of readFamilies(from)) {
  const lines = choose(cases).map((test) =>
    JSON.stringify({ ...test, ...(INEXACT.test(test.sql) && test.rows ? { tolerance: 1e-11 } : {}) }),
  );
  writeFileSync(path.join(to, `${family}.jsonl`), `${lines.join('\n')}\n`);
  console.log(family, lines.length);
}

/** Of each signature some calls with an answer and one that fails; of the rest a spread. */
function choose(cases: readonly CorpusCase[]): readonly CorpusCase[] {
  const usable = cases.filter(
    ({ error, sql, types }) =>
      // faults of Trino's own, what changes with the clock, and keys and tiles whose text the client protocol does not give
      error?.name !== 'GENERIC_INTERNAL_ERROR' &&
      !/\bnow\(\)$/.test(sql) &&
      !types?.some((type) => /map\((?:array|map|row)|BingTile/.test(type)),
  );
  const counts = new Map<string, number>();
  const loose = usable.filter((test) => test.signature === undefined);
  const step = Math.max(1, Math.floor(loose.length / perFamily));
  return usable.filter((test) => {
    if (kept.has(test.id)) return true;
    if (test.signature === undefined) return loose.indexOf(test) % step === 0;
    const key = `${test.signature} ${test.error ? 'fails' : test.rows?.some((row) => row.some((cell) => cell !== null)) ? 'answers' : 'null'}`;
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    return count <= (key.endsWith('answers') ? perSignature : 1);
  });
}
