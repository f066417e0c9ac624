SELECT * FROM "memory"."an ""odd"" schema"."log" LIMIT 0;

SELECT count(v0), count(CASE WHEN regexp_like(trim(v0), '^\d{4}([-/])\d{1,2}\1\d{1,2}([T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)? ?(Z|UTC|[+-]\d{2}(:?\d{2})?)?)?$') THEN (round(to_unixtime(TRY_CAST(regexp_replace(regexp_replace(regexp_replace(replace(trim(v0), '/', '-'), '(\d)T(\d)', '$1 $2'), ' ?Z$', ' UTC'), '(:[0-9.]+) ?([+-]\d{2}):?(\d{2})?$', x -> x[1] || ' ' || x[2] || ':' || coalesce(x[3], '00')) AS TIMESTAMP(6) WITH TIME ZONE)) * 1e6) / 1e6) END), count(v1), count(CASE WHEN regexp_like(trim(v1), '^\d{4}([-/])\d{1,2}\1\d{1,2}([T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)? ?(Z|UTC|[+-]\d{2}(:?\d{2})?)?)?$') THEN (round(to_unixtime(TRY_CAST(regexp_replace(regexp_replace(regexp_replace(replace(trim(v1), '/', '-'), '(\d)T(\d)', '$1 $2'), ' ?Z$', ' UTC'), '(:[0-9.]+) ?([+-]\d{2}):?(\d{2})?$', x -> x[1] || ' ' || x[2] || ':' || coalesce(x[3], '00')) AS TIMESTAMP(6) WITH TIME ZONE)) * 1e6) / 1e6) END) FROM (SELECT "s" AS v0, CAST("code" AS VARCHAR) AS v1 FROM "memory"."an ""odd"" schema"."log" LIMIT 2048);

SELECT count(*) FROM "memory"."an ""odd"" schema"."log";

SELECT count(*) FROM "memory"."an ""odd"" schema"."log";
