import { test } from 'node:test';
import { runSpread } from './spread-tables.ts';
import type { Placement } from './spread-tables.ts';

const TPCDS: Placement = {
  mysql: [
    'store_sales:ss_item_sk,ss_ticket_number',
    'catalog_returns:cr_item_sk,cr_order_number',
    'customer:c_customer_sk',
    'item:i_item_sk',
    'promotion',
    'ship_mode',
    'web_page',
    'web_site',
  ],
  postgresql: [
    'catalog_sales',
    'store_returns',
    'customer_address',
    'date_dim:d_date_sk',
    'store',
    'reason',
    'warehouse',
    'catalog_page',
  ],
  s3: [
    'web_sales',
    'web_returns',
    'inventory',
    'customer_demographics',
    'household_demographics',
    'income_band',
    'time_dim',
    'call_center',
  ],
  dynamodb: [],
};

test('TPC-DS over MySQL, PostgreSQL and S3', (context) =>
  runSpread(context, { data: 'tpcds', mysql: 'mysql', placement: TPCDS }));
