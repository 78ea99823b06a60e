interface SizeRange {
  readonly cpuUnits: number;
  readonly least: number;
  readonly most: number;
  readonly step: number;
}

/** Task sizes on Fargate, memory in MiB (Developer Guide, "Task size"). */
const ranges: readonly SizeRange[] = [
  { cpuUnits: 256, least: 512, most: 1024, step: 512 },
  { cpuUnits: 256, least: 2048, most: 2048, step: 1024 },
  { cpuUnits: 512, least: 1024, most: 4096, step: 1024 },
  { cpuUnits: 1024, least: 2048, most: 8192, step: 1024 },
  { cpuUnits: 2048, least: 4096, most: 16_384, step: 1024 },
  { cpuUnits: 4096, least: 8192, most: 30_720, step: 1024 },
  { cpuUnits: 8192, least: 16_384, most: 61_440, step: 4096 },
  { cpuUnits: 16_384, least: 32_768, most: 122_880, step: 8192 },
];

/** Whether Fargate has tasks of exactly this size. */
export function isFargateSize(cpuUnits: number, memoryMiB: number): boolean {
  return ranges.some(
    (range) =>
      range.cpuUnits === cpuUnits &&
      memoryMiB >= range.least &&
      memoryMiB <= range.most &&
      (memoryMiB - range.least) % range.step === 0,
  );
}

/** Windows containers run on Fargate with 1 to 4 vCPU. */
export function isFargateWindowsSize(cpuUnits: number, memoryMiB: number): boolean {
  return cpuUnits >= 1024 && cpuUnits <= 4096 && isFargateSize(cpuUnits, memoryMiB);
}

/** The refusal of any other size; RunTask says the same of overrides. */
export function noFargateSize(cpuUnits: number, memoryMiB: number): string {
  return (
    `No Fargate configuration exists for given values: ${cpuUnits} CPU, ${memoryMiB} memory. ` +
    'See the Amazon ECS documentation for the valid values.'
  );
}
