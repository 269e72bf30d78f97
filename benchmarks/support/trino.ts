// A Trino server as a reference: catalogs over the same sources, statements by its REST protocol.
import { serverUrl } from './rig.ts';
import { tpchBucket, trinoS3Tables } from './s3-tables.ts';
import { tpchName } from './tpch.ts';

const HEADERS = { 'X-Trino-User': 'ergane-bench', 'X-Trino-Time-Zone': 'UTC' };

export interface Trino {
  /** Runs a statement to its end; values as Trino prints them. Throws with Trino's message. */
  rows(sql: string): Promise<readonly (readonly unknown[])[]>;
}

interface Answer {
  readonly nextUri?: string;
  readonly data?: readonly (readonly unknown[])[];
  readonly error?: { readonly message: string };
}

export function openTrino(url: string): Trino {
  return {
    async rows(sql) {
      const rows: (readonly unknown[])[] = [];
      let answer = await ask(`${url}/v1/statement`, { method: 'POST', body: sql });
      for (;;) {
        if (answer.error) throw new Error(`Trino: ${answer.error.message}\n${sql}`);
        rows.push(...(answer.data ?? []));
        if (answer.nextUri === undefined) return rows;
        answer = await ask(answer.nextUri, {});
      }
    },
  };
}

async function ask(url: string, request: RequestInit): Promise<Answer> {
  const response = await fetch(url, { ...request, headers: HEADERS });
  if (!response.ok) throw new Error(`Trino: HTTP ${response.status} from ${url}`);
  const answer: Answer = Object(await response.json());
  return answer;
}

/** Makes a catalog anew (the server needs `catalog.management=dynamic`). */
async function makeCatalog(
  trino: Trino,
  name: string,
  { connector, properties }: { readonly connector: string; readonly properties: Readonly<Record<string, string>> },
): Promise<void> {
  const list = Object.entries(properties).map(([key, value]) => `"${key}" = '${value.replaceAll("'", "''")}'`);
  await trino.rows(`DROP CATALOG IF EXISTS ${name}`);
  await trino.rows(`CREATE CATALOG ${name} USING ${connector} WITH (${list.join(', ')})`);
}

/** The properties of a JDBC catalog over a test server. `kind` is JDBC's name of the database. */
function jdbcProperties(kind: 'postgresql' | 'mariadb', server: URL): Readonly<Record<string, string>> {
  // a catalog of MariaDB's has every database
  const database = kind === 'postgresql' ? server.pathname.slice(1) : '';
  return {
    'connection-url': `jdbc:${kind}://${server.host}/${database}`,
    'connection-user': decodeURIComponent(server.username),
    'connection-password': decodeURIComponent(server.password),
  };
}

/** The properties of a Hive catalog over an S3 server, whose metastore is a folder of `bucket`. */
function hiveProperties(server: URL, bucket: string): Readonly<Record<string, string>> {
  return {
    'hive.metastore': 'file',
    'hive.metastore.catalog.dir': `s3://${bucket}/metastore`,
    'fs.native-s3.enabled': 'true',
    's3.endpoint': server.origin,
    's3.region': 'us-east-1',
    's3.path-style-access': 'true',
    's3.aws-access-key': decodeURIComponent(server.username),
    's3.aws-secret-key': decodeURIComponent(server.password),
  };
}

/** Trino's catalogs over the test servers: `ergane_bench_my`, `_pg` and `_s3`. Answers false where it has no hive plugin, so no S3. */
export async function openTrinoCatalogs(trino: Trino, scale: string): Promise<boolean> {
  for (const [name, connector] of [
    ['ergane_bench_my', 'mariadb'],
    ['ergane_bench_pg', 'postgresql'],
  ] as const)
    await makeCatalog(trino, name, { connector, properties: jdbcProperties(connector, serverUrl(connector)) });
  const properties = hiveProperties(serverUrl('s3'), tpchBucket(scale));
  try {
    await makeCatalog(trino, 'ergane_bench_s3', { connector: 'hive', properties });
  } catch (error) {
    if (error instanceof Error && /No factory for connector/.test(error.message)) return false;
    throw error;
  }
  for (const statement of trinoS3Tables('ergane_bench_s3', tpchName(scale), scale)) await trino.rows(statement);
  return true;
}
