import { assert } from '../../support/assert.ts';
import { parentPort } from 'node:worker_threads';
import { Database } from './database.ts';
import { failureIn } from './failure.ts';
import type { Answer, Reply, Request } from './messages.ts';

// The thread of one SQLite store. It answers one request after the other, in order. An error that
// is not the file's or the disk's is a bug, and ends the thread.

const port = parentPort;
assert(port, 'to be run as a worker thread');

let folder: string;
let opened: Database | undefined;

port.on('message', (request: Request) => {
  port.postMessage(reply(request));
  if (request.call === 'commit') opened?.tidy();
  if (request.call === 'close') port.close();
});

function reply(request: Request): Reply {
  try {
    return { id: request.id, answer: perform(request) };
  } catch (error) {
    const failure = failureIn(folder, opened, error);
    if (!failure) throw error;
    return { id: request.id, failure };
  }
}

function perform(request: Request): Answer {
  if (request.call === 'open') {
    folder = request.given.folder;
    opened = new Database(folder);
    return;
  }
  assert(opened, 'the store is not open');
  switch (request.call) {
    case 'load':
      return opened.load(request.given.after);
    case 'lease':
      return opened.lease(request.given.holder);
    case 'commit':
      return opened.commit(request.given.batch, request.given.epoch);
    case 'readLog':
      return opened.readLog(request.given.query, request.given.start);
    case 'pruneLog':
      return opened.pruneLog(request.given.pruning, request.given.epoch);
    case 'check':
      return opened.check();
    case 'close':
      return opened.close();
  }
}
