import type { FieldError } from './field-errors.ts';

/** A v1 Status of kind Failure: what kubectl shows the message of, and all that Portcullis answers besides reviews. */
export interface Status {
  readonly kind: 'Status';
  readonly apiVersion: 'v1';
  readonly metadata: Record<string, never>;
  readonly status: 'Failure';
  readonly message: string;
  readonly reason: string;
  readonly code: number;
  readonly details?: StatusDetails;
}

/** Which object, and each field error as a cause. */
export interface StatusDetails {
  readonly name: string;
  readonly group: string;
  readonly kind: string;
  readonly causes: readonly FieldError[];
}

/** The reason that goes with a code, in apimachinery's words (meta/v1 StatusReason); it has none of its own for 431. */
const REASONS: { readonly [code: number]: string } = {
  400: 'BadRequest',
  403: 'Forbidden',
  404: 'NotFound',
  405: 'MethodNotAllowed',
  408: 'Timeout',
  413: 'RequestEntityTooLarge',
  415: 'UnsupportedMediaType',
  422: 'Invalid',
  429: 'TooManyRequests',
  431: 'BadRequest',
  500: 'InternalError',
  503: 'ServiceUnavailable',
};

/** Makes the Status that goes with an HTTP code; a code without a reason of its own counts as 400 or 500. */
export function statusOf(code: number, message: string, details?: StatusDetails): Status {
  const known = code in REASONS ? code : code < 500 ? 400 : 500;
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    reason: REASONS[known] ?? 'InternalError',
    code: known,
    ...(details === undefined ? {} : { details }),
  };
}
