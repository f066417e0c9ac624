WITH data_1 AS (SELECT "n" AS c2, "s" AS c4 FROM "memory"."an ""odd"" schema"."log") SELECT count(DISTINCT c2), count(DISTINCT c4) FROM data_1;
