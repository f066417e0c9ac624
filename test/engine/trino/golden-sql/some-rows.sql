WITH data_1 AS (SELECT (round(to_unixtime("t") * 1e6) / 1e6) AS c7 FROM "memory"."an ""odd"" schema"."log") SELECT CAST(count(*) AS DOUBLE) FROM (SELECT * FROM data_1 WHERE c7 >= 1772323200e0) AS kept;

WITH data_1 AS (SELECT "s" AS c4, (round(to_unixtime("t") * 1e6) / 1e6) AS c7 FROM "memory"."an ""odd"" schema"."log") SELECT CAST(count(*) AS DOUBLE) FROM (SELECT * FROM (SELECT * FROM data_1 WHERE c7 >= 1772323200e0) AS kept WHERE c4 = 'it''s "quoted"') AS kept;

WITH data_1 AS (SELECT "x" AS c0, "s" AS c4, (round(to_unixtime("t") * 1e6) / 1e6) AS c7 FROM "memory"."an ""odd"" schema"."log") SELECT count(c0), 0 FROM (SELECT * FROM (SELECT * FROM data_1 WHERE c7 >= 1772323200e0) AS kept WHERE c4 = 'it''s "quoted"') AS kept;
