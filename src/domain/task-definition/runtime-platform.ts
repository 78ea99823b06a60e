import type { CPUArchitecture, OSFamily, RuntimePlatform } from '@aws-sdk/client-ecs';
import { clientError } from '../errors.ts';
import { checkOneOf, valuesOf } from './enumerations.ts';
import type { TaskDefinitionContent } from './task-definition.ts';

const cpuArchitectures = valuesOf<CPUArchitecture>({ X86_64: true, ARM64: true });
const operatingSystemFamilies = valuesOf<OSFamily>({
  LINUX: true,
  WINDOWS_SERVER_2004_CORE: true,
  WINDOWS_SERVER_2016_FULL: true,
  WINDOWS_SERVER_2019_CORE: true,
  WINDOWS_SERVER_2019_FULL: true,
  WINDOWS_SERVER_2022_CORE: true,
  WINDOWS_SERVER_2022_FULL: true,
  WINDOWS_SERVER_2025_CORE: true,
  WINDOWS_SERVER_2025_FULL: true,
  WINDOWS_SERVER_20H2_CORE: true,
});

interface OnPlatform {
  readonly runtimePlatform?: RuntimePlatform | undefined;
}

export function isWindows({ runtimePlatform }: OnPlatform): boolean {
  return runtimePlatform?.operatingSystemFamily?.startsWith('WINDOWS') === true;
}

export function checkRuntimePlatform(content: TaskDefinitionContent): void {
  const { cpuArchitecture, operatingSystemFamily } = content.runtimePlatform ?? {};
  checkOneOf('CPU architecture', cpuArchitecture, cpuArchitectures);
  checkOneOf('Operating system family', operatingSystemFamily, operatingSystemFamilies);
  if (!isWindows(content)) return;
  // [inferred wording, all three]
  if (cpuArchitecture === 'ARM64') {
    throw clientError('Windows task definitions do not support cpuArchitecture ARM64');
  }
  if (content.pidMode !== undefined) {
    throw clientError('Windows task definitions do not support pidMode');
  }
  if (content.ipcMode !== undefined) {
    throw clientError('Windows task definitions do not support ipcMode');
  }
}
