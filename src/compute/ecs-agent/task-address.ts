import type { NetworkAddress, NetworkInterface } from '../../domain/task/task.ts';
import { createHash } from 'node:crypto';

/**
 * The address of an `awsvpc` task on an agent's machine. Longshore keeps no VPC: a subnet is 16 bits of 10.0.0.0/8, and both
 * follow from names, always the same. What makes the interface is the CNI plugin on the machine.
 */
export function addressOf(
  { attachmentId, subnetId }: NetworkInterface,
  isTaken: (address: string) => boolean,
): NetworkAddress {
  const subnet = createHash('sha256').update(subnetId).digest();
  const digest = createHash('sha256').update(attachmentId).digest();
  let host = digest.readUInt16BE(0);
  let address = '';
  for (let tried = 0; tried < hosts; tried += 1) {
    host = firstHost + ((host + 1) % hosts);
    address = `10.${subnet.readUInt8(0)}.${host >> 8}.${host & 0xff}`;
    if (!isTaken(address)) break;
  }
  const hex = digest.toString('hex');
  return {
    networkInterfaceId: `eni-${hex.slice(0, 17)}`,
    macAddress: `0a:${[2, 4, 6, 8, 10].map((at) => hex.slice(at, at + 2)).join(':')}`,
    privateIpv4Address: address,
  };
}

/** The network itself, its router, and a few more belong to nobody, as in a VPC. */
const firstHost = 4;
const hosts = 0x1_0000 - firstHost - 1;
