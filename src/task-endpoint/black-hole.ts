import { execFile } from 'node:child_process';
import { isIPv6 } from 'node:net';
import { promisify } from 'node:util';
import type { BlackHole } from './fault-request.ts';

/** The machine that Longshore runs on cannot do it: why, in its own words. */
export class Incapable extends Error {}

/** What was begun did not end in time. */
export class TookTooLong extends Error {}

type Tool = 'iptables' | 'ip6tables';

const mostSeconds = 5;
const tools: readonly Tool[] = ['iptables', 'ip6tables'];

/**
 * Rules of network namespaces that let packets vanish, as the ECS agent sets them: a chain of its own for each black
 * hole. They end with the namespace at the latest. All methods throw Incapable and TookTooLong.
 */
export class BlackHoles {
  /** What was asked for last in a namespace: the next waits for it. */
  readonly #latest = new Map<string, Promise<unknown>>();

  start(namespace: string, hole: BlackHole): Promise<void> {
    return this.#inTurn(namespace, async () => {
      if (await isRunning(namespace, hole)) return;
      await perform(namespace, (tool) => [
        ['-N', chainOf(hole)],
        ...hole.exempted
          .filter((source) => toolOf(source) === tool)
          .map((source) => [...ruleOf(hole), '-d', source, '-j', 'ACCEPT']),
        [...ruleOf(hole), '-j', 'DROP'],
        ['-I', tableOf(hole), '-j', chainOf(hole)],
      ]);
    });
  }

  stop(namespace: string, hole: BlackHole): Promise<void> {
    return this.#inTurn(namespace, async () => {
      if (!(await isRunning(namespace, hole))) return;
      await perform(namespace, () => [
        ['-F', chainOf(hole)],
        ['-D', tableOf(hole), '-j', chainOf(hole)],
        ['-X', chainOf(hole)],
      ]);
    });
  }

  isRunning(namespace: string, hole: BlackHole): Promise<boolean> {
    return this.#inTurn(namespace, () => isRunning(namespace, hole));
  }

  async #inTurn<Result>(namespace: string, body: () => Promise<Result>): Promise<Result> {
    const before = this.#latest.get(namespace) ?? Promise.resolve();
    const turn = before.then(body, body);
    this.#latest.set(namespace, turn);
    try {
      return await turn;
    } finally {
      if (this.#latest.get(namespace) === turn) this.#latest.delete(namespace);
    }
  }
}

function chainOf({ trafficType, protocol, port }: BlackHole): string {
  return `${trafficType}-${protocol}-${port}`;
}

function tableOf({ trafficType }: BlackHole): string {
  return trafficType === 'ingress' ? 'INPUT' : 'OUTPUT';
}

function ruleOf(hole: BlackHole): readonly string[] {
  return ['-A', chainOf(hole), '-p', hole.protocol, '--dport', String(hole.port)];
}

function toolOf(source: string): Tool {
  return isIPv6(source.split('/', 1)[0] ?? '') ? 'ip6tables' : 'iptables';
}

/** The rules of IPv6 come and go with those of IPv4, which alone tell. */
async function isRunning(namespace: string, hole: BlackHole): Promise<boolean> {
  const [, ...rule] = ruleOf(hole);
  return succeeds(namespace, 'iptables', ['-C', ...rule, '-j', 'DROP']);
}

/** A machine without IPv6 needs no rules of it. */
async function perform(
  namespace: string,
  commandsOf: (tool: Tool) => readonly (readonly string[])[],
): Promise<void> {
  for (const tool of tools) {
    for (const command of commandsOf(tool)) {
      if (await succeeds(namespace, tool, command)) continue;
      if (tool === 'ip6tables') return;
      throw new Error(`${tool} ${command.join(' ')} has failed.`);
    }
  }
}

const run = promisify(execFile);

async function succeeds(
  namespace: string,
  tool: Tool,
  command: readonly string[],
): Promise<boolean> {
  const given = [`--net=${namespace}`, tool, '-w', String(mostSeconds), ...command];
  try {
    await run('nsenter', given, { timeout: mostSeconds * 1000 });
    return true;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if ('killed' in error && error.killed === true) throw new TookTooLong();
    const said = 'stderr' in error ? String(error.stderr) : '';
    if ('code' in error && error.code === 'ENOENT') throw new Incapable('there is no nsenter');
    if (said.startsWith('nsenter:')) throw new Incapable(said.trim());
    if (said.includes('must be root')) throw new Incapable(`${tool} may only be used by root`);
    return false;
  }
}
