import { connectorContract } from '@ergane/sdk/testing';
import { connector } from '../src/index.ts';
import { openDatabase } from './database.ts';

const SHOP = `
create schema shop;
create type shop.mood as enum ('sad', 'happy');
create domain shop.price as numeric(12, 2) check (value >= 0);
create table shop.things (
  id int8 primary key, flag bool, small int2, whole int4, single float4, double float8, amount numeric(12, 2), price shop.price,
  loose numeric, day date, moment timestamp, instant timestamptz, rough timestamp(3), name text collate "en-x-icu", code varchar(10),
  fixed char(5), raw bytea, key uuid, doc jsonb, feeling shop.mood, span int4range, pause interval, list int4[], words text[]
);
insert into shop.things
select i, i % 2 = 0, i % 100 - 50, i * 7919 % 1000, i / 3.0, i / 7.0, (i - 50) * 1.25, i * 0.5,
  case i % 4 when 0 then i::numeric when 1 then (i || '.50')::numeric else i / 8.0 end,
  date '1999-12-28' + i, timestamp '1969-12-31 23:59:59.998999' + i * interval '0.0007 s',
  timestamptz '2024-03-31 00:59:59.9995+00' + i * interval '0.0003 s', timestamp(3) '2000-01-01' + i * interval '1 ms',
  (array['a', 'B', 'ä', 'Z', 'a b', '', 'é', 'A', '😀', 'ﬀ'])[i % 10 + 1], chr(65 + i % 26) || i % 3, (array['x', 'xy', 'x y'])[i % 3 + 1],
  decode(lpad(to_hex(i), 4, '0'), 'hex'), ('00000000-0000-0000-0000-0000000000' || lpad(to_hex(i % 16), 2, '0'))::uuid,
  jsonb_build_object('i', i), (array['sad', 'happy'])[i % 2 + 1]::shop.mood, int4range(i, i + 2), i * interval '1 hour',
  array[i, null, -i], array['w' || i, 'ü']
from generate_series(1, 120) i;
insert into shop.things (id) select i from generate_series(121, 130) i;
create table shop.big as
select i as id, md5(i::text) as text, (i % 1000)::numeric(8, 3) / 7 as number, i % 17 as "group" from generate_series(1, 6000) i;
analyze shop.big;
create table shop.parts (id int4, region text, at date) partition by list (region);
create table shop.parts_eu partition of shop.parts for values in ('eu');
create table shop.parts_rest partition of shop.parts default partition by range (id);
create table shop.parts_rest_low partition of shop.parts_rest for values from (minvalue) to (500);
create table shop.parts_rest_high partition of shop.parts_rest for values from (500) to (maxvalue);
insert into shop.parts select i, (array['eu', 'us', 'asia'])[i % 3 + 1], date '2024-01-01' + i % 40 from generate_series(1, 3000) i;
analyze shop.parts, shop.parts_eu, shop.parts_rest_low, shop.parts_rest_high;
create table shop.ancestor (id int4, note text);
create table shop.heir (more int4) inherits (shop.ancestor);
insert into shop.ancestor select i, 'a' from generate_series(1, 50) i;
insert into shop.heir select i, 'h', i from generate_series(51, 90) i;
create table shop."Mixed ""Case"" Ünï" ("select" int4, "Name With Space" text, "ümläut" bool, "q""uote" int8);
insert into shop."Mixed ""Case"" Ünï" values (1, 'one', true, 1), (2, null, false, null);
create view shop.seen as select id, name, amount * 2 as doubled from shop.things where id < 20;
create materialized view shop.kept as select "group", count(*) as rows from shop.big group by 1;
create table shop.empty (id int4, name text);
create table shop.lonely as select 1 as one;
`;

const table = (tableName: string, more: object = {}) => ({ schemaName: 'shop', tableName, ...more });

connectorContract({
  name: 'postgresql',
  connector,
  async open(context) {
    const database = await openDatabase(context);
    if (database === undefined) return undefined;
    await database.run(SHOP);
    return {
      environment: { default: database.url, ergane_split_mb: '0.125' },
      [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
    };
  },
  tables: [
    table('things', {
      types: {
        id: 'Int64',
        amount: 'Decimal[12e+2]',
        price: 'Decimal[12e+2]',
        loose: 'Utf8',
        moment: 'Date64<MILLISECOND>',
        instant: 'Timestamp<MILLISECOND, UTC>',
        list: 'List<Int32>',
        words: 'List<Utf8>',
      },
    }),
    table('big', { minSplits: 4 }),
    table('parts'),
    table('ancestor'),
    table('Mixed "Case" Ünï', {
      rows: [
        [1, 'one', true, 1n],
        [2, null, false, null],
      ],
    }),
    table('seen'),
    table('kept'),
    table('empty', { rows: [] }),
    table('lonely', { rows: [[1]] }),
  ],
  predicates: 25,
  passthrough: {
    arguments: { QUERY: "select count(*) as n, 'x'::char(3) as c from shop.big -- all of them" },
    rows: [[6000n, 'x']],
  },
  unreachable: {
    environment: { default: 'postgres://u:secret-word@127.0.0.1:1/x' },
    mentions: ['127.0.0.1:1', 'default'],
    secrets: ['secret-word'],
  },
});
