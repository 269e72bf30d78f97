SELECT p.category, sum(o.quantity) AS quantity, count(*) AS orders
FROM orders.ergane_example.orders o
JOIN parts."default".ergane_example_parts p ON p.part_id = o.part_id
WHERE p.category = 'engine'
GROUP BY p.category;
