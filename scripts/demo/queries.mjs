// What npm start shows. `customers` is the table of customers, where it is.

/** The table over the click stream, as in Athena. */
export const CLICKS_TABLE = [
  'CREATE DATABASE IF NOT EXISTS shop',
  `CREATE EXTERNAL TABLE IF NOT EXISTS shop.clicks (
  clicked_at timestamp, session_id string, customer_id int, part_id string, action string, device string, referrer string)
PARTITIONED BY (day string)
STORED AS PARQUET
LOCATION 's3://shop/clicks/'`,
  'MSCK REPAIR TABLE shop.clicks',
];

/** Engine parts in stock that sold best in German-speaking countries in the last week of June, and how often they were looked at. */
export const flagship = (customers) => `WITH views AS (
  SELECT part_id, count(*) AS clicks, count(DISTINCT session_id) AS visitors
  FROM awsdatacatalog.shop.clicks                        -- Parquet in S3, a folder a day
  WHERE day >= '2026-06-24' AND action = 'view'
  GROUP BY part_id
), sales AS (
  SELECT o.part_id, sum(o.quantity) AS sold, sum(o.quantity * o.unit_price) AS revenue
  FROM orders.shop.orders o                              -- PostgreSQL
  JOIN ${customers} c ON c.customer_id = o.customer_id   -- ${customers.startsWith('crm') ? 'MySQL' : 'PostgreSQL'}
  WHERE o.ordered_at >= TIMESTAMP '2026-06-24 00:00:00' AND o.status <> 'cancelled' AND c.country IN ('DE', 'AT', 'CH')
  GROUP BY o.part_id
)
SELECT p.part_id, p.name, p.price, p.stock, v.visitors, s.sold, s.revenue
FROM parts."default".parts p                             -- DynamoDB
JOIN views v ON v.part_id = p.part_id
JOIN sales s ON s.part_id = p.part_id
WHERE p.category = 'engine' AND p.stock > 0
ORDER BY s.revenue DESC
LIMIT 10`;

export const tryNext = (customers) => `SHOW CATALOGS;
SELECT * FROM parts."default".parts WHERE category = 'engine' LIMIT 10;
EXPLAIN SELECT * FROM orders.shop.orders WHERE order_id = 4711;
SELECT country, count(*) FROM ${customers} GROUP BY country ORDER BY 2 DESC;
SELECT day, count(*) FROM awsdatacatalog.shop.clicks GROUP BY day ORDER BY day;`;
