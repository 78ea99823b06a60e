import type { Machine } from '../../domain/container-instance/machine.ts';
import { present } from '../../domain/present.ts';
import type { EngineInfo } from './engine-types.ts';
import { hostAddress } from './host-address.ts';
import { hasSecurityModule } from './impossible.ts';
import { pauseArchitecture } from './pause-image.ts';

/** What does not depend on the Engine alone. */
export type ByHost = 'attachesVolumes' | 'servesRoles';

const unitsPerCpu = 1024;
const bytesPerMiB = 1024 * 1024;

/** The machine that an Engine is on: it is the same one for as long as the Engine has its id, or else its URL. */
export function machineOf(info: EngineInfo, url: string): Omit<Machine, ByHost> {
  const { Architecture, ID, MemTotal, NCPU, Plugins, SecurityOptions, ServerVersion } = info;
  const isOn = (module: string) => hasSecurityModule(SecurityOptions, module);
  return {
    id: ID || url,
    ...present({ privateIpv4Address: hostAddress(url) }),
    cpuUnits: NCPU * unitsPerCpu,
    memoryMiB: Math.floor(MemTotal / bytesPerMiB),
    cpuArchitecture: pauseArchitecture(Architecture) === 'arm64' ? 'arm64' : 'x86_64',
    dockerVersion: ServerVersion,
    logDrivers: Plugins.Log,
    volumeDrivers: (Plugins.Volume ?? []).map((driver) => driver.replaceAll(':', '.')),
    securityModules: (['apparmor', 'selinux'] as const).filter(isOn),
  };
}
