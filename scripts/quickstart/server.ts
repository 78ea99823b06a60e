import { spawn } from 'node:child_process';
import { mkdirSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { lastLines } from '../run-command.ts';
import { type Progress, SetupError, type StepResult } from '../steps.ts';

/** A server that answers, and how to stop it if this run started it. */
export type Server = {
  readonly endpoint: string;
  readonly startedProcess: number | undefined;
};

export const serverLog = '.longshore/server.log';
/** Generous: a small or emulated machine takes long to load a program for the first time. */
const startSeconds = 120;
const answerSeconds = 15;
const stopSeconds = 20;
const pollMilliseconds = 20;

type Readiness = 'Ready' | 'NotReady' | 'Silent';

/** Finds the server that listens at this address, or starts one that outlives this run. */
export async function ensureServer(
  listen: string,
  progress: Progress,
): Promise<StepResult<Server>> {
  const endpoint = `http://${listen}`;
  const found = await askReadiness(endpoint);
  if (found === 'Ready') {
    return { note: `${endpoint}, already running`, value: { endpoint, startedProcess: undefined } };
  }
  if (found === 'NotReady') {
    throw new SetupError(
      `Something at ${endpoint} answers, but is not a Longshore server that is ready: stop it, or ` +
        'choose another address: npm run quickstart -- --listen 127.0.0.1:4520',
    );
  }
  progress('npm start');
  const startedProcess = await startServer(listen);
  return { note: `${endpoint}, process ${startedProcess}`, value: { endpoint, startedProcess } };
}

/** Stops the server if this run started it; one that was there stays. */
export async function stopServer({ startedProcess }: Server): Promise<StepResult<void>> {
  if (startedProcess === undefined) return { note: 'was there before; it stays', value: undefined };
  process.kill(startedProcess, 'SIGTERM');
  const deadline = performance.now() + stopSeconds * 1000;
  while (isAlive(startedProcess)) {
    if (performance.now() > deadline) {
      throw new SetupError(
        `The server, process ${startedProcess}, does not stop. Its log is ${serverLog}.`,
      );
    }
    await delay(pollMilliseconds);
  }
  return { note: '', value: undefined };
}

async function startServer(listen: string): Promise<number> {
  mkdirSync('.longshore', { recursive: true, mode: 0o700 });
  const log = openSync(serverLog, 'w');
  const server = spawn(process.execPath, ['src/main.ts', '--listen', listen], {
    detached: true,
    stdio: ['ignore', log, log],
  });
  let hasExited = false;
  server.on('error', () => (hasExited = true));
  server.on('exit', () => (hasExited = true));
  server.unref();

  const deadline = performance.now() + startSeconds * 1000;
  while (performance.now() < deadline && !hasExited) {
    if ((await askReadiness(`http://${listen}`)) === 'Ready' && server.pid !== undefined) {
      return server.pid;
    }
    await delay(pollMilliseconds);
  }
  const what = hasExited ? 'ended at once' : `is not ready after ${startSeconds} s`;
  throw new SetupError(
    `The server ${what}. The end of its log, ${serverLog}:\n` +
      lastLines(readFileSync(serverLog, 'utf8')),
  );
}

async function askReadiness(endpoint: string): Promise<Readiness> {
  try {
    const response = await fetch(`${endpoint}/readyz`, {
      signal: AbortSignal.timeout(answerSeconds * 1000),
    });
    await response.body?.cancel();
    return response.ok ? 'Ready' : 'NotReady';
  } catch (error) {
    // Nobody listens. A peer that takes the connection and then keeps still is somebody.
    return error instanceof DOMException ? 'NotReady' : 'Silent';
  }
}

function isAlive(processId: number): boolean {
  try {
    return process.kill(processId, 0);
  } catch {
    return false;
  }
}
