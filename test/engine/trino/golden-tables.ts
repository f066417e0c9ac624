/** The tables that the statements of golden-sql/ are about: columns with their types. */

export const goldenSchema = 'memory."an ""odd"" schema"';

/** What an identifier has to survive. */
export const hostileName = 'it\'s "x"\n😀';

export const goldenTables = {
  log: [
    ['x', 'double'],
    [hostileName, 'real'],
    ['n', 'bigint'],
    ['price', 'decimal(12,3)'],
    ['s', 'varchar'],
    ['code', 'char(3)'],
    ['flag', 'boolean'],
    ['t', 'timestamp(6)'],
    ['zoned', 'timestamp(3) with time zone'],
    ['day', 'date'],
    ['clock', 'time(6)'],
    ['vector', 'array(double)'],
    ['blob', 'varbinary'],
  ],
  texts: [
    ['t_number', 'varchar'],
    ['t_integer', 'varchar'],
    ['t_boolean', 'varchar'],
    ['t_datetime', 'varchar'],
    ['t_string', 'varchar'],
    ['t_embedding', 'varchar'],
    ['t_month_first', 'varchar'],
    ['t_day_first', 'varchar'],
  ],
} as const satisfies Record<string, readonly (readonly [name: string, type: string])[]>;
