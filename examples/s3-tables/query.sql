SELECT s.name, count(*) AS readings, avg(r.celsius) AS celsius
FROM weather.readings r
JOIN weather.stations s ON s.id = r.station
WHERE r.month = '2026-02'
GROUP BY s.name
ORDER BY celsius DESC;
