import { execFile } from 'node:child_process';
import { networkInterfaces } from 'node:os';
import { promisify } from 'node:util';

const mostMs = 5_000;

export function isLinkLocal(address: string): boolean {
  return address.startsWith('169.254.');
}

export function isOfThisMachine(address: string): boolean {
  return Object.values(networkInterfaces()).some((all) =>
    all?.some((one) => one.address === address),
  );
}

/**
 * Gives this machine an address beside its own, which containers reach by the gateway of their network. It stays until the
 * machine is started anew: without it, what containers ask would go astray instead of being refused. It is that address
 * alone: a network of Docker's would take its neighbours too, one of which is where clouds have their metadata.
 */
export async function addToLoopback(address: string): Promise<void> {
  const given = ['address', 'replace', `${address}/32`, 'dev', 'lo', 'scope', 'host'];
  await promisify(execFile)('ip', given, { timeout: mostMs });
}
