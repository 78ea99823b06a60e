import { isRouted } from '../../domain/firelens/plan-routing.ts';
import type { ContainerDefinition } from '../../domain/task-definition/task-definition.ts';
import type { Variable } from '../task-configuration.ts';
import type { ContainerSpec } from './container-spec.ts';
import type { LogConfigBody } from './engine-types.ts';

/** The Engine's status for the output of a driver that keeps none, such as `none`. */
export const notReadable = 501;

/**
 * The Engine keeps the whole output while the container exists: it is read from there, and what is
 * left is read at its stop. The size is out of reach, and given only because an Engine may have a
 * smaller one as its own default.
 */
const outputLog = { Type: 'json-file', Config: { 'max-size': '1000t' } };

/**
 * How the Engine is to treat a container's output. That of awslogs is brought to the logs by
 * Longshore; other drivers are the Engine's own.
 */
export function logConfigOf(
  { logConfiguration }: ContainerDefinition,
  secretOptions: readonly Variable[] = [],
): LogConfigBody {
  const driver = logConfiguration?.logDriver;
  const options = { ...logConfiguration?.options, ...Object.fromEntries(secretOptions) };
  if (driver === undefined) return outputLog;
  if (driver === 'awslogs') {
    return { ...outputLog, Config: { ...outputLog.Config, ...deliveryOf(options) } };
  }
  if (driver === 'json-file') return { ...outputLog, Config: { ...outputLog.Config, ...options } };
  return { Type: driver, Config: options };
}

/** How lines get to the Engine's file. Nothing is left out unless the mode asks for it. */
function deliveryOf(options: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  if (options['mode'] !== 'non-blocking') return {};
  const size = options['max-buffer-size'];
  return { mode: 'non-blocking', ...(size !== undefined && { 'max-buffer-size': size }) };
}

/** FireLens sends lines with the Engine's own driver. */
function driverOf({ definition }: ContainerSpec): string {
  return isRouted(definition) ? 'fluentd' : logConfigOf(definition).Type;
}

/**
 * Why a task cannot be started where the Engine lacks a log driver that it asks for.
 * [inferred wording]
 */
export function missingLogDriver(
  available: ReadonlySet<string>,
  specs: readonly ContainerSpec[],
): string | undefined {
  const missing = specs.find((spec) => !['none', ...available].includes(driverOf(spec)));
  if (!missing) return undefined;
  const driver = driverOf(missing);
  return (
    `ResourceInitializationError: the Docker Engine has no log driver ${driver}, ` +
    `which container ${missing.name} asks for`
  );
}
