import { isRecord, type JsonObject } from '../webhook/decode.ts';
import { shownOnOneLine } from '../webhook/shown.ts';
import { jsonIn } from './json.ts';

/** The API server's refusal. The message is its own, on one line of at most 500 characters, after what was asked. */
export class ApiError extends Error {
  /** The HTTP status. */
  readonly code: number;
  /** A metav1.StatusReason, such as `NotFound`; `''` where the answer was no Status. */
  readonly reason: string;
  /** The Status' details: `name` is that of the object that the refusal is about. Empty where there are none. */
  readonly details: JsonObject;

  constructor(message: string, code: number, reason: string, details: JsonObject = {}) {
    super(message);
    this.code = code;
    this.reason = reason;
    this.details = details;
  }

  /** Reads the body of an answer. One that is no Status comes from something in between, and is not repeated. */
  static from(what: string, code: number, body: string): ApiError {
    return ApiError.fromStatus(what, code, jsonIn(body));
  }

  /** The same of a Status that was parsed already, such as that of a watch's ERROR event. */
  static fromStatus(what: string, code: number, status: unknown): ApiError {
    if (!isRecord(status) || status.kind !== 'Status') {
      return new ApiError(`${what}: answered with ${code}, and not in an API server's words`, code, '');
    }
    const reason = typeof status.reason === 'string' ? shownOnOneLine(status.reason, 100) : '';
    const said = typeof status.message === 'string' ? shownOnOneLine(status.message, 500) : '';
    const details = isRecord(status.details) ? status.details : {};
    return new ApiError(`${what}: ${said || reason || 'refused'} (${code})`, code, reason, details);
  }
}
