/**
 * Every failure this server raises on purpose, one line each: its stable code
 * and the HTTP status a client sees. Codes are public; messages may change.
 */
export const ERROR_STATUS = {
  ALARM_UNKNOWN: 404,
  BOARD_UNKNOWN: 404,
  CAPTURE_BUSY: 429,
  CAPTURE_DAMAGED: 410,
  CAPTURE_UNKNOWN: 404,
  CHANNEL_UNKNOWN: 404,
  CONFIG_INVALID: 500,
  DEFINITION_INVALID: 422,
  DEFINITION_UNKNOWN: 404,
  DEVICE_REFUSED: 502,
  DIAGNOSIS_UNKNOWN: 404,
  FILE_INVALID: 400,
  HISTORY_BUSY: 503,
  HISTORY_FAILED: 503,
  HOST_REFUSED: 403,
  JOURNAL_BUSY: 503,
  KERNELS_INVALID: 500,
  LISTEN_FAILED: 500,
  METHOD_UNKNOWN: 405,
  MODEL_UNFIT: 422,
  MODEL_UNKNOWN: 404,
  ORIGIN_REFUSED: 403,
  PERSON_REQUIRED: 400,
  RANGE_INVALID: 416,
  RATE_LIMITED: 429,
  REQUEST_INVALID: 400,
  ROUTE_UNKNOWN: 404,
  SECRET_REQUIRED: 401,
  SECRET_WRONG: 401,
  STORAGE_FAILED: 503,
  STORAGE_LOCKED: 500,
  SUBSCRIBER_UNKNOWN: 404,
  VERSION_CONFLICT: 409,
} as const;

export type ErrorCode = keyof typeof ERROR_STATUS;

/** An expected failure. Anything else that is thrown is a bug. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly details: unknown;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions & { details?: unknown }) {
    super(message, options);
    this.name = 'AppError';
    this.code = code;
    this.details = options?.details;
  }

  get status(): number {
    return ERROR_STATUS[this.code];
  }
}
