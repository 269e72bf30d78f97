SELECT level, count(*) AS lines, max(message) AS message
FROM shop.logs.lines
WHERE day = DATE '2026-02-28'
GROUP BY level
ORDER BY level;
