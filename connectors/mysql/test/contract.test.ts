import { randomUUID } from 'node:crypto';
import { connectorContract } from '@ergane/sdk/testing';
import type { ContractContext, ContractSource, ContractTable } from '@ergane/sdk/testing';
import { requireServer } from '@ergane/testing';
import { createConnection } from 'mysql2/promise';
import { connector } from '../src/index.ts';
import { SERVERS } from './test-servers.ts';
import type { Server } from './test-servers.ts';

const PASSWORD = 'never-tell-this';

for (const server of SERVERS) {
  const database = `Contract_${randomUUID().slice(0, 8)}`;
  connectorContract({
    name: server,
    connector,
    open: (context) => openSource(context, server, database),
    tables: makeTables(database),
    passthrough: {
      arguments: { QUERY: `SELECT \`Id\`, \`select\` AS word FROM \`${database}\`.\`Mixed Case\`` },
      rows: [
        [1, 'a'],
        [2, null],
      ],
    },
    unreachable: {
      environment: { default: 'mysql://jdbc:mysql://127.0.0.1:1/shop?user=app&password=never-tell-this' },
      mentions: ['127.0.0.1:1', 'default'],
      secrets: [PASSWORD],
    },
    ...wrongPassword(server),
    predicates: 12,
  });
}

function wrongPassword(server: Server): object {
  const url = process.env[server === 'mysql' ? 'ERGANE_TEST_MYSQL' : 'ERGANE_TEST_MARIADB'];
  if (url === undefined) return {};
  const wrong = new URL(url);
  wrong.password = PASSWORD;
  return {
    wrongPassword: { environment: { default: wrong.toString() }, mentions: ['ergane', 'default'], secrets: [PASSWORD] },
  };
}

function makeTables(schemaName: string): readonly ContractTable[] {
  return [
    {
      schemaName,
      tableName: 'Mixed Case',
      rows: [
        [1, 'a', null],
        [2, null, 5n],
      ],
      types: { Id: 'Int32', Total: 'Int64' },
    },
    {
      schemaName,
      tableName: 'every_kind',
      types: { price: 'Decimal[12e+2]', large: 'Utf8', at: 'Date64<MILLISECOND>' },
    },
    { schemaName, tableName: 'many_rows', minSplits: 4 },
    { schemaName, tableName: 'string_key', minSplits: 2 },
    { schemaName, tableName: 'pair_key', minSplits: 3 },
    { schemaName, tableName: 'partitioned', minSplits: 3 },
    { schemaName, tableName: 'empty_table', rows: [] },
    { schemaName, tableName: 'one_row', rows: [[1, 'only']] },
  ];
}

async function openSource(context: ContractContext, server: Server, name: string): Promise<ContractSource | undefined> {
  const url = requireServer(context, server);
  if (url === undefined) return undefined;
  const admin = await createConnection({
    host: url.hostname,
    port: Number(url.port),
    user: url.username,
    password: url.password,
    charset: 'utf8mb4',
    multipleStatements: true,
  });
  try {
    await admin.query(`CREATE DATABASE ${name} CHARACTER SET utf8mb4; USE ${name}; SET time_zone = '+00:00'`);
    for (const statement of makeStatements(server)) await admin.query(statement);
  } catch (error) {
    await admin.end();
    throw error;
  }
  return {
    // splits so small that little tables have many
    environment: { default: url.toString(), ergane_split_bytes: '20000' },
    async [Symbol.asyncDispose]() {
      await admin.query(`DROP DATABASE ${name}`);
      await admin.end();
    },
  };
}

const DIGITS =
  '(SELECT 0 n UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9)';
const THOUSAND = `(SELECT a.n + 10 * b.n + 100 * c.n AS n FROM ${DIGITS} a, ${DIGITS} b, ${DIGITS} c) numbers`;

function makeStatements(server: Server): readonly string[] {
  const uuid = server === 'mariadb' ? 'uuid' : 'char(36)';
  return [
    'CREATE TABLE `Mixed Case` (`Id` int primary key, `select` varchar(10), `Total` bigint)',
    "INSERT INTO `Mixed Case` VALUES (1, 'a', NULL), (2, NULL, 5)",
    `CREATE TABLE every_kind (id int primary key, small tinyint, word smallint unsigned, number int unsigned, big bigint,
      huge bigint unsigned, price decimal(12,2), large decimal(65,30), f float, d double, flag bit(1), bits bit(9), y year,
      day date, at datetime(3), micro datetime(6), stamp timestamp null, span time(3), name varchar(40), exact varchar(40) collate utf8mb4_bin,
      code char(3), kind enum('a','B'), kinds set('x','y'), bytes varbinary(20), body text, doc json, place point, uid ${uuid})`,
    `INSERT INTO every_kind SELECT n, n % 128 - 64, n * 60, n * 4000000, n * 9000000000000 - 5, 18446744073709551615 - n, n / 7, -n / 3, n / 8, n / 9,
      n % 2, n % 512, 1990 + n % 40, '2020-01-01' + INTERVAL n DAY, '2020-01-01' + INTERVAL n * 1001 MICROSECOND, '1969-12-31' + INTERVAL n * 77777777 MICROSECOND,
      '2020-01-01' + INTERVAL n HOUR, SEC_TO_TIME(n * 3000 - 500000), ELT(1 + n % 8, 'a', 'A', 'a ', 'á', 'ab', '', 'ß', '😀'), ELT(1 + n % 6, 'x', 'X', 'x ', 'x\\t', '', 'é'),
      ELT(1 + n % 4, 'a', 'B', 'b', ''), ELT(1 + n % 2, 'a', 'B'), ELT(1 + n % 3, '', 'x', 'x,y'), UNHEX(HEX(n)), REPEAT('é', n % 50), CONCAT('{"n": ', n, '}'),
      ST_GeomFromText(CONCAT('POINT(', n, ' -1.5)')), CONCAT(LPAD(HEX(n), 8, '0'), '-0000-0000-0000-000000000001') FROM ${THOUSAND} WHERE n < 80`,
    'INSERT INTO every_kind (id) VALUES (1000), (1001)',
    'CREATE TABLE many_rows (id bigint primary key, text varchar(100))',
    `INSERT INTO many_rows SELECT n * n, REPEAT('x', n % 60) FROM ${THOUSAND}`,
    'CREATE TABLE string_key (name varchar(40) primary key, n int)',
    `INSERT INTO string_key SELECT CONCAT(MD5(n)), n FROM ${THOUSAND}`,
    'CREATE TABLE pair_key (tenant int, name varchar(20), n int, primary key (tenant, name)) COLLATE utf8mb4_bin',
    `INSERT INTO pair_key SELECT n % 2, CONCAT('k', n), n FROM ${THOUSAND}`,
    `CREATE TABLE partitioned (id int, day date, text varchar(100), primary key (id, day)) PARTITION BY RANGE COLUMNS (day)
      (PARTITION p0 VALUES LESS THAN ('2020-02-01'), PARTITION p1 VALUES LESS THAN ('2020-03-01'), PARTITION p2 VALUES LESS THAN (MAXVALUE))`,
    `INSERT INTO partitioned SELECT n, '2020-01-01' + INTERVAL n % 100 DAY, REPEAT('y', 50) FROM ${THOUSAND}`,
    'CREATE TABLE empty_table (id int primary key, text varchar(10))',
    'CREATE TABLE one_row (id int primary key, name varchar(10))',
    "INSERT INTO one_row VALUES (1, 'only')",
    'ANALYZE TABLE every_kind, many_rows, string_key, pair_key, partitioned',
  ];
}
