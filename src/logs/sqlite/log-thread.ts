import { assert } from '../../support/assert.ts';
import { parentPort } from 'node:worker_threads';
import { LogError } from '../../domain/log/log-error.ts';
import { LogDatabase } from './log-database.ts';
import type { LogFailure, LogReply, LogRequest } from './log-messages.ts';

// The thread of the log store: it writes, reads and searches, one request after the other.

const port = parentPort;
assert(port, 'to be run as a worker thread');

let opened: LogDatabase | undefined;

port.on('message', (request: LogRequest) => {
  port.postMessage(reply(request));
  if (request.call === 'close') port.close();
});

function reply(request: LogRequest): LogReply {
  try {
    return { id: request.id, answer: perform(request) };
  } catch (error) {
    return { id: request.id, failure: failureOf(error) };
  }
}

function failureOf(error: unknown): LogFailure {
  if (error instanceof LogError) return { code: error.code, message: error.message };
  return { code: undefined, message: error instanceof Error ? error.message : String(error) };
}

function perform(request: LogRequest): unknown {
  if (request.call === 'open') {
    opened = new LogDatabase(...request.given);
    return undefined;
  }
  assert(opened, 'the log store is not open');
  return answer(opened, request);
}

function answer(database: LogDatabase, request: Exclude<LogRequest, { call: 'open' }>): unknown {
  switch (request.call) {
    case 'createGroup':
      return database.createGroup(...request.given);
    case 'findGroup':
      return database.findGroup(...request.given);
    case 'listGroups':
      return database.listGroups(...request.given);
    case 'changeGroup':
      return database.changeGroup(...request.given);
    case 'removeGroup':
      return database.removeGroup(...request.given);
    case 'createStream':
      return database.createStream(...request.given);
    case 'listStreams':
      return database.listStreams(...request.given);
    case 'removeStream':
      return database.removeStream(...request.given);
    default:
      return answerOfEvents(database, request);
  }
}

type EventCall = 'append' | 'read' | 'positionOf' | 'forgetSource' | 'prune' | 'close';

function answerOfEvents(
  database: LogDatabase,
  request: Extract<LogRequest, { call: EventCall }>,
): unknown {
  switch (request.call) {
    case 'append':
      return database.append(...request.given);
    case 'read':
      return database.read(...request.given);
    case 'positionOf':
      return database.positionOf(...request.given);
    case 'forgetSource':
      return database.forgetSource(...request.given);
    case 'prune':
      return database.prune(...request.given);
    case 'close':
      return database.close();
  }
}
