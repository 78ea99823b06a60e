import { isIPv4 } from 'node:net';
import { networkInterfaces } from 'node:os';

/** Networks that Docker makes for containers are no way to the machine from outside. */
const ofDocker = /^(docker|br-|veth)/;

/** The IPv4 address of the machine that an Engine is on: this one, where its socket is here; undefined where it is not known. */
export function hostAddress(engineUrl: string): string | undefined {
  const { protocol, hostname } = new URL(engineUrl);
  if (protocol !== 'unix:') return isIPv4(hostname) ? hostname : undefined;
  return Object.entries(networkInterfaces())
    .filter(([name]) => !ofDocker.test(name))
    .flatMap(([, addresses = []]) => addresses)
    .find(({ family, internal }) => family === 'IPv4' && !internal)?.address;
}
