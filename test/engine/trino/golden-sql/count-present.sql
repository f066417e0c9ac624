WITH data_1 AS (SELECT "vector" AS c11, "blob" AS c12 FROM "memory"."an ""odd"" schema"."log") SELECT count(c12), 0, count(c11), 0 FROM data_1;
