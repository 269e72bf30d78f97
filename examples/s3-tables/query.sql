CREATE DATABASE IF NOT EXISTS weather;

CREATE EXTERNAL TABLE IF NOT EXISTS weather.stations (id string, name string, height double)
ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe'
LOCATION 's3://weather/stations/';

CREATE EXTERNAL TABLE IF NOT EXISTS weather.readings (station string, day date, celsius double)
PARTITIONED BY (month string)
ROW FORMAT DELIMITED FIELDS TERMINATED BY ','
LOCATION 's3://weather/readings/'
TBLPROPERTIES ('skip.header.line.count' = '1');

MSCK REPAIR TABLE weather.readings;

SELECT s.name, count(*) AS readings, avg(r.celsius) AS celsius
FROM weather.readings r
JOIN weather.stations s ON s.id = r.station
WHERE r.month = '2026-02'
GROUP BY s.name
ORDER BY celsius DESC;
