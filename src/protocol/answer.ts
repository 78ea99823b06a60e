import type { ServerResponse } from 'node:http';
import type { FrontDoorError } from './front-door-errors.ts';
import type { Fault } from './service.ts';

/** What goes back to the client. */
export interface Answer {
  readonly status: number;
  /** The error's code; absent on success. */
  readonly code: string | undefined;
  readonly json: string;
}

const contentType = 'application/x-amz-json-1.1';

export function success(json: string): Answer {
  return { status: 200, code: undefined, json };
}

export function refusal({ status, code, text }: FrontDoorError): Answer {
  return { status, code, json: JSON.stringify({ __type: code, message: text }) };
}

export function faultAnswer({ status = 400, code, message, members }: Fault): Answer {
  return { status, code, json: JSON.stringify({ ...members, __type: code, message }) };
}

/**
 * Sends an answer. Flat headers, a known length and a string body are the fastest that Node offers;
 * it adds the Date, from which SDKs correct their clocks.
 */
export function send(
  response: ServerResponse,
  answer: Answer,
  { requestId, closing }: { requestId: string; closing: boolean },
): void {
  const headers = [
    'x-amzn-RequestId',
    requestId,
    'Content-Type',
    contentType,
    'Content-Length',
    String(Buffer.byteLength(answer.json)),
  ];
  if (answer.code !== undefined) headers.push('x-amzn-ErrorType', answer.code);
  if (answer.status === 405) headers.push('Allow', 'POST');
  if (closing) headers.push('Connection', 'close');
  response.writeHead(answer.status, headers);
  response.end(answer.json);
}
