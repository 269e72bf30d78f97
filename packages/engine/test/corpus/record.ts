// Asks a real Trino for the answers of generated statements. Usage: TRINO_URL=… record.ts FOLDER [--rounds N] [--only family …]
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { generateStatements, type Statement } from './generate/statements.ts';
import { askTrino, type TrinoAnswer } from './trino-client.ts';

const BATCH = 30;
const CONCURRENT = 4;
const args = process.argv.slice(2);
const option = (name: string) => (args.includes(name) ? args.splice(args.indexOf(name), 2)[1] : undefined);
const url = process.env['TRINO_URL'] ?? '';
const rounds = Number(option('--rounds') ?? 6);
const [folder = '', ...only] = args;

const families = new Map<string, Statement[]>();
for (const statement of generateStatements(rounds)) {
  if (only.length > 0 && !only.includes(statement.family)) continue;
  families.set(statement.family, [...(families.get(statement.family) ?? []), statement]);
}
mkdirSync(folder, { recursive: true });
for (const [family, statements] of [...families].sort(([, a], [, b]) => a.length - b.length)) {
  const answers = await answerAll(statements);
  const lines = statements.map((statement) => JSON.stringify(caseOf(statement, answers.get(statement))));
  writeFileSync(path.join(folder, `${family}.jsonl`), `${[...new Set(lines)].join('\n')}\n`);
  console.log(family, statements.length);
}

function caseOf({ family, sql, expression, ...rest }: Statement, answer: TrinoAnswer | undefined) {
  const text = expression === undefined ? sql : `SELECT ${expression}`;
  const id = `${family}-${createHash('sha256').update(text).digest('hex').slice(0, 8)}`;
  return {
    id,
    family,
    sql: text,
    source: 'own',
    ...rest,
    ...answer,
    ...(answer && 'rows' in answer ? { ordered: false } : {}),
  };
}

/** Expressions are asked many at a time; where one of a batch fails, its halves are asked again. */
async function answerAll(statements: readonly Statement[]): Promise<Map<Statement, TrinoAnswer>> {
  const answers = new Map<Statement, TrinoAnswer>();
  const single = statements.filter((each) => !canShare(each));
  const batches: (readonly Statement[])[] = single.map((each) => [each]);
  const expressions = statements.filter(canShare);
  for (let index = 0; index < expressions.length; index += BATCH) batches.push(expressions.slice(index, index + BATCH));
  const worker = async () => {
    for (let batch = batches.shift(); batch; batch = batches.shift()) await answerBatch(batch, answers);
  };
  await Promise.all(Array.from({ length: CONCURRENT }, worker));
  return answers;
}

/** Trino takes the constants 0.0 and -0.0 in one statement for the same. */
function canShare({ expression }: Statement): boolean {
  return expression !== undefined && !/-0(?![1-9])/.test(expression);
}

async function answerBatch(batch: readonly Statement[], answers: Map<Statement, TrinoAnswer>): Promise<void> {
  const [first] = batch;
  if (!first) return;
  const sql = batch.map((each) => each.expression ?? '').join(', ');
  const answer = await askTrino(url, first.expression === undefined ? first.sql : `SELECT ${sql}`);
  if (batch.length === 1) {
    answers.set(first, answer);
  } else if ('error' in answer) {
    const half = Math.ceil(batch.length / 2);
    await answerBatch(batch.slice(0, half), answers);
    await answerBatch(batch.slice(half), answers);
  } else {
    for (const [index, each] of batch.entries())
      answers.set(each, {
        names: ['_col0'],
        types: [answer.types[index] ?? ''],
        rows: answer.rows.map((row) => [row[index] ?? null]),
      });
  }
}
