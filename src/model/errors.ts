/**
 * Every mistake a user can make has one code and one sentence. The sentence names the file, column or key,
 * shows the offending value and says what would have been right: lower case, one line, no full stop.
 */
export type ErrorCode =
  | 'BAD_OPTION'
  | 'BAD_CONFIG'
  | 'FILE_NOT_FOUND'
  | 'FILE_EMPTY'
  | 'FILE_UNREADABLE'
  | 'NO_DATA_FILES'
  | 'TABLE_UNREADABLE'
  | 'BAD_WHERE'
  | 'UNKNOWN_COLUMN'
  | 'UNKNOWN_MEASURE'
  | 'NO_COMMON_COLUMNS'
  | 'BAD_LABELS'
  | 'OUTPUT_UNWRITABLE'
  | 'ENGINE_FAILURE'
  | 'EMPTY_SAMPLE'
  | 'BAD_REPORT'
  | 'BAD_PROFILE'
  | 'INTERRUPTED';

/** An error that the user can act on: printed as one line, exit code 2. Anything else is a defect and shows its stack. */
export class DriftError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'DriftError';
    this.code = code;
  }
}
