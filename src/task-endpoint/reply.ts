import type { ServerResponse } from 'node:http';

/** What a container is answered. */
export interface Reply {
  readonly status: number;
  readonly body: unknown;
}

export function ok(body: unknown): Reply {
  return { status: 200, body };
}

export function send(response: ServerResponse, { status, body }: Reply): void {
  const json = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(json),
    'cache-control': 'no-store',
  });
  response.end(json);
}

// Codes and texts are those of the official agent's endpoint. Metadata's are bare JSON strings.

export function tooMany(): Reply {
  return { status: 429, body: 'Too many requests' };
}

export function notFound(): Reply {
  return { status: 404, body: '404 page not found' };
}

export function internalError(): Reply {
  return { status: 500, body: 'internal error' };
}

export function unknownContainer(version: number, endpointId: string, subject: string): Reply {
  return {
    status: 404,
    body:
      `V${version} container ${subject} handler: unable to get container ID from request: ` +
      `unable to get docker ID from v3 endpoint ID: ${endpointId}`,
  };
}

export function unknownTask(version: number, endpointId: string, subject: string): Reply {
  return {
    status: 404,
    body:
      `V${version} task ${subject} handler: unable to get task arn from request: ` +
      `unable to get task Arn from v3 endpoint ID: ${endpointId}`,
  };
}

/** Version 2 knows a task by its address. */
export function unknownAddress(address: string): Reply {
  return {
    status: 404,
    body: `Unable to get task arn from request: unable to get task from address ${address}`,
  };
}

export function statsUnavailable(container: string): Reply {
  return { status: 500, body: `Unable to get container stats for: ${container}` };
}

export function credentialsRefusal(status: 400 | 500 | 503, code: string, words: string): Reply {
  const message = `CredentialsV2Request: ${words}`;
  return { status, body: { code, message, HTTPErrorCode: status } };
}
