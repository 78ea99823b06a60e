import { execFile } from 'node:child_process';
import type { Clock } from '../../support/clock.ts';
import type { Logger } from '../../support/logger.ts';
import type { ContainerResolver } from '../container-resolver.ts';
import { delay } from './delay.ts';
import { EngineError, EngineUnreachable, type Engine } from './engine.ts';
import type { Pauses } from './pauses.ts';

export interface ResolverCheckTimes {
  /** The first tasks start meanwhile, who need the processor more. */
  readonly afterMs: number;
  /** For how long an answer is waited for. */
  readonly forMs: number;
}

export const usualCheckTimes: ResolverCheckTimes = { afterMs: 2_000, forMs: 4_000 };

export interface ResolverCheckParts {
  readonly engine: Engine;
  readonly pauses: Pauses;
  readonly resolver: ContainerResolver;
  readonly times: ResolverCheckTimes;
  readonly clock: Clock;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

const unanswered = 3;
/** Asks for the name servers of the root: who is no task is refused, and that is an answer. */
const question = '0001010000010000000000000000020001';
/** That nobody listens costs containers no time: it counts as an answer. */
const program = `
  const [host, milliseconds] = process.argv.slice(1);
  const socket = require('node:dgram').createSocket('udp4');
  const ask = () => socket.send(Buffer.from('${question}', 'hex'));
  socket.on('message', () => process.exit(0)).on('error', () => process.exit(0));
  socket.connect(53, host, () => (ask(), setInterval(ask, milliseconds / 10)));
  setTimeout(() => process.exit(${unanswered}), milliseconds);
`;

/**
 * Finds out whether the questions of containers come through to the resolver. Where a firewall drops them each would be
 * waited for, for seconds: then containers are told of it no more.
 */
export async function checkResolver(parts: ResolverCheckParts): Promise<void> {
  const { engine, pauses, resolver, times, clock, log, signal } = parts;
  await delay(clock, times.afterMs, signal);
  const pauseId = pauses.anyWarm;
  if (signal.aborted || resolver.nameServers.length === 0 || pauseId === undefined) return;
  try {
    const { NetworkSettings } = await engine.inspectContainer(pauseId);
    const { SandboxKey = '' } = NetworkSettings;
    if (await isAnswered(SandboxKey, resolver.host, times.forMs)) return;
  } catch (error) {
    if (error instanceof EngineError || error instanceof EngineUnreachable) return;
    throw error;
  }
  if (signal.aborted) return;
  log.warn(
    { address: `${resolver.host}:53` },
    'Containers do not reach the resolver of private namespaces, and are not told of it: does a firewall drop what they ask?',
  );
  resolver.giveUp();
  pauses.nameServers = resolver.nameServers;
  pauses.replaceWarm();
}

/** Whether somebody in a network namespace is answered; what cannot be found out is taken for granted. */
function isAnswered(namespace: string, host: string, forMs: number): Promise<boolean> {
  const command = [process.execPath, '-e', program, host, String(forMs)];
  return new Promise((resolve) => {
    execFile('nsenter', [`--net=${namespace}`, ...command], { timeout: 2 * forMs }, (error) => {
      resolve(error?.code !== unanswered);
    });
  });
}
