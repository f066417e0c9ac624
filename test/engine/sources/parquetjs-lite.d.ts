declare module 'parquetjs-lite' {
  export class ParquetSchema {
    constructor(
      fields: Readonly<
        Record<string, { readonly type: string; readonly optional?: boolean; readonly compression?: string }>
      >,
    );
  }
  export class ParquetWriter {
    static openFile(schema: ParquetSchema, path: string): Promise<ParquetWriter>;
    appendRow(row: Readonly<Record<string, unknown>>): Promise<void>;
    close(): Promise<void>;
  }
}
