import type { RuntimePlatform } from '@aws-sdk/client-ecs';

/** What a task asks of an instance's processor and operating system. */
export interface Platform {
  readonly osType: 'linux' | 'windows';
  /** As `ecs.os-family` has it; undefined where any will do. */
  readonly osFamily?: string;
  /** As `ecs.cpu-architecture` has it; undefined where any will do. */
  readonly cpuArchitecture?: 'x86_64' | 'arm64';
}

/** Without a runtime platform: Linux, on any processor. */
export function platformOf(runtimePlatform: RuntimePlatform | undefined): Platform {
  const { cpuArchitecture, operatingSystemFamily } = runtimePlatform ?? {};
  const isWindows = operatingSystemFamily?.startsWith('WINDOWS') === true;
  return {
    osType: isWindows ? 'windows' : 'linux',
    ...(isWindows && { osFamily: operatingSystemFamily }),
    ...(cpuArchitecture && { cpuArchitecture: cpuArchitecture === 'ARM64' ? 'arm64' : 'x86_64' }),
  };
}

/**
 * The first attribute in which an instance is not of the platform. One that says nothing of its
 * system runs Linux, of its Windows' release any. [inferred]
 */
export function platformMismatch(
  attributes: ReadonlyMap<string, string>,
  { osType, osFamily, cpuArchitecture }: Platform,
): string | undefined {
  if ((attributes.get('ecs.os-type') ?? 'linux') !== osType) return 'ecs.os-type';
  if (osFamily && (attributes.get('ecs.os-family') ?? osFamily) !== osFamily) {
    return 'ecs.os-family';
  }
  const isRight =
    cpuArchitecture === undefined || attributes.get('ecs.cpu-architecture') === cpuArchitecture;
  return isRight ? undefined : 'ecs.cpu-architecture';
}
