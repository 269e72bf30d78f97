import assert from 'node:assert/strict';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { findSharedFolder, requireServer, skipUnlessCi } from '@ergane/testing';
import { compareAnswer } from '../corpus/compare-answer.ts';
import { readFamilies } from '../corpus/corpus-case.ts';
import type { CorpusCase } from '../corpus/corpus-case.ts';
import { loadIntoDynamodb, loadIntoS3, loadIntoServer } from './load-tables.ts';
import { openFederation } from './open-federation.ts';
import type { Connector, Federation } from './open-federation.ts';
import { qualifyTables } from './qualify-tables.ts';

/** Where each table is; after a colon the key that splits go by. */
export interface Placement {
  readonly mysql: readonly string[];
  readonly postgresql: readonly string[];
  readonly s3: readonly string[];
  readonly dynamodb: readonly string[];
}

interface Opened {
  readonly federation: Federation;
  readonly place: (table: string) => string | undefined;
}

/** The tables of `data` in their servers, and an engine over these. */
export async function openSpread(
  context: TestContext,
  { data, mysql, placement }: { data: 'tpch' | 'tpcds'; mysql: 'mysql' | 'mariadb'; placement: Placement },
): Promise<Opened | undefined> {
  const corpus = findCorpus(context);
  const servers = {
    mysql: requireServer(context, mysql),
    postgresql: requireServer(context, 'postgresql'),
    s3: requireServer(context, 's3'),
    dynamodb: requireServer(context, 'dynamodb'),
  };
  if (!corpus || !servers.mysql || !servers.postgresql || !servers.s3 || !servers.dynamodb) return undefined;
  const folder = path.join(corpus, 'data', data);
  const schema = `ergane_corpus_${data}`;
  const { dynamodb, s3 } = servers;
  const [definitions] = await Promise.all([
    Promise.all(
      placement.dynamodb.map(async (table) => [
        table,
        await loadIntoDynamodb(dynamodb, { folder, prefix: schema, table }),
      ]),
    ),
    loadIntoServer(servers.mysql, { folder, schema, tables: placement.mysql }),
    loadIntoServer(servers.postgresql, { folder, schema, tables: placement.postgresql }),
  ]);
  const federation = await openFederation({
    sources: {
      my: source('mysql', { default: servers.mysql.href, ergane_split_bytes: '2000000' }),
      pg: source('postgresql', { default: servers.postgresql.href, ergane_split_mb: '2' }),
      ddb: source('dynamodb', {
        AWS_ENDPOINT_URL_DYNAMODB: dynamodb.origin,
        AWS_ACCESS_KEY_ID: dynamodb.username,
        AWS_SECRET_ACCESS_KEY: dynamodb.password,
        ergane_table_definitions: JSON.stringify({ tables: Object.fromEntries(definitions) }),
      }),
    },
    s3,
  });
  await loadIntoS3(federation, { server: s3, folder, schema, tables: placement.s3 });
  const has = (tables: readonly string[], table: string) => tables.some((each) => each.split(':')[0] === table);
  return {
    federation,
    place(table) {
      if (has(placement.mysql, table)) return `my.${schema}.${table}`;
      if (has(placement.postgresql, table)) return `pg.${schema}.${table}`;
      if (has(placement.s3, table)) return `awsdatacatalog.${schema}.${table}`;
      return has(placement.dynamodb, table) ? `ddb."default".${table}` : undefined;
    },
  };
}

function source(connector: Connector, environment: Readonly<Record<string, string>>) {
  return { connector, environment };
}

function findCorpus(context: TestContext): string | undefined {
  const corpus = process.env['ERGANE_SQL_CORPUS'] ?? findSharedFolder('fixtures/sql');
  if (corpus === undefined) skipUnlessCi(context, 'there is no SQL corpus: set ERGANE_SQL_CORPUS');
  return corpus;
}

/** A connector's text is varchar, whatever length its source declares: of types, that is all that may differ. */
function withoutLengths(types: readonly string[]): string[] {
  return types.map((type) => type.replace(/^(?:var)?char\(\d+\)$/, 'varchar'));
}

async function runCase({ federation, place }: Opened, { sql, types = [], ...rest }: CorpusCase): Promise<void> {
  const qualified = qualifyTables(sql, place);
  if (rest.error) {
    await assert.rejects(federation.answer(qualified), { code: rest.error.name });
    return;
  }
  const answer = await federation.answer(qualified);
  const outcome = compareAnswer(
    { sql, types: withoutLengths(types), ...rest },
    { ...answer, types: withoutLengths(answer.types) },
  );
  assert.deepEqual(outcome, { kind: 'pass' });
}

/** Every query of the corpus over `data`, its tables spread as `placement` says: each must give the corpus's answer. */
export async function runSpread(context: TestContext, spread: Parameters<typeof openSpread>[1]): Promise<void> {
  const opened = await openSpread(context, spread);
  if (!opened) return;
  await using _federation = opened.federation;
  const cases = readFamilies(findCorpus(context) ?? '').get(spread.data) ?? [];
  assert.ok(cases.length > 0);
  for (const each of cases) await context.test(each.id, () => runCase(opened, each));
}
