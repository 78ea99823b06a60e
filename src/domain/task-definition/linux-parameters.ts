import type {
  DeviceCgroupPermission,
  KernelCapabilities,
  LinuxParameters,
  SystemControl,
  Tmpfs,
} from '@aws-sdk/client-ecs';
import { clientError } from '../errors.ts';
import { checkOneOf, valuesOf } from './enumerations.ts';
import type { TaskDefinitionContent } from './task-definition.ts';

const devicePermissions = valuesOf<DeviceCgroupPermission>({
  read: true,
  write: true,
  mknod: true,
});

/** The values of KernelCapabilities in the API reference. */
const capabilities: ReadonlySet<string> = new Set(
  (
    'ALL AUDIT_CONTROL AUDIT_WRITE BLOCK_SUSPEND CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER ' +
    'FSETID IPC_LOCK IPC_OWNER KILL LEASE LINUX_IMMUTABLE MAC_ADMIN MAC_OVERRIDE MKNOD ' +
    'NET_ADMIN NET_BIND_SERVICE NET_BROADCAST NET_RAW SETFCAP SETGID SETPCAP SETUID SYS_ADMIN ' +
    'SYS_BOOT SYS_CHROOT SYS_MODULE SYS_NICE SYS_PACCT SYS_PTRACE SYS_RAWIO SYS_RESOURCE ' +
    'SYS_TIME SYS_TTY_CONFIG SYSLOG WAKE_ALARM'
  ).split(' '),
);

/** The values of Tmpfs in the API reference; some of them take a value of their own: `mode=1777`. */
const mountOptionNames: ReadonlySet<string> = new Set(
  (
    'defaults ro rw suid nosuid dev nodev exec noexec sync async dirsync remount mand nomand atime ' +
    'noatime diratime nodiratime bind rbind unbindable runbindable private rprivate shared rshared ' +
    'slave rslave relatime norelatime strictatime nostrictatime mode uid gid nr_inodes nr_blocks mpol'
  ).split(' '),
);

const mostSwappiness = 100;
const ipcNamespace = /^(kernel\.(msgmax|msgmnb|msgmni|sem|shm[a-z_]+)$|fs\.mqueue\.)/;
const networkNamespace = /^net\./;

/** Settings of a container that reach into the kernel. */
export function checkLinuxParameters(content: TaskDefinitionContent): void {
  for (const { name, linuxParameters, systemControls } of content.containerDefinitions) {
    if (linuxParameters !== undefined) checkParameters(linuxParameters, name);
    for (const control of systemControls) checkSystemControl(control, name, content);
  }
}

function checkParameters(parameters: LinuxParameters, containerName: string): void {
  checkCapabilities(parameters.capabilities ?? {});
  for (const { permissions = [] } of parameters.devices ?? []) {
    for (const permission of permissions) {
      checkOneOf('Device permission', permission, devicePermissions);
    }
  }
  const setting = invalidParameterOf(parameters);
  if (setting !== undefined) throw invalidSetting(setting, containerName);
}

/** [inferred from the refusal of ulimits] */
function checkCapabilities({ add = [], drop = [] }: KernelCapabilities): void {
  const unknown = [...add, ...drop].find((capability) => !capabilities.has(capability));
  if (unknown !== undefined) throw clientError(`Unrecognized capability ${unknown}`);
}

function invalidParameterOf(parameters: LinuxParameters): string | undefined {
  const { maxSwap = 0, swappiness = 0, sharedMemorySize = 0, tmpfs = [] } = parameters;
  if (maxSwap < 0) return 'maxSwap';
  if (swappiness < 0 || swappiness > mostSwappiness) return 'swappiness';
  if (sharedMemorySize < 0) return 'sharedMemorySize';
  return tmpfs.every(isMountable) ? undefined : 'tmpfs';
}

function isMountable({ containerPath = '', size = 0, mountOptions = [] }: Tmpfs): boolean {
  const isKnown = (option: string): boolean => mountOptionNames.has(option.split('=', 1)[0] ?? '');
  return containerPath.startsWith('/') && size > 0 && mountOptions.every(isKnown);
}

/** [inferred wording, ECS's grammar] */
function invalidSetting(setting: string, containerName: string): Error {
  return clientError(`Invalid '${setting}' setting for container '${containerName}'.`);
}

/** Only what belongs to a namespace of the task's own may be set. */
function checkSystemControl(
  { namespace = '' }: SystemControl,
  containerName: string,
  { networkMode, ipcMode }: TaskDefinitionContent,
): void {
  const isAllowed =
    (networkNamespace.test(namespace) && networkMode !== 'host') ||
    (ipcNamespace.test(namespace) && ipcMode !== 'host');
  if (!isAllowed) throw invalidSetting('systemControls', containerName);
}
