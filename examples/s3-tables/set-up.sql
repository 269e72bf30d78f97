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
