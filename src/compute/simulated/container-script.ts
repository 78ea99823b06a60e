import type { ContainerDefinition } from '../../domain/task-definition/task-definition.ts';
import { hasHealthCheck } from '../../domain/task/new-task.ts';
import { MalformedScript, readDuration, readExitCode, ScriptSettings } from './script-settings.ts';
import { scriptedImage } from './scripted-image.ts';

/*
 * How a container lives is said by Docker labels of its definition:
 *
 *   longshore.simulated.pull-delay      DURATION    how long its image takes to be pulled
 *   longshore.simulated.image-digest TEXT       its image has this digest
 *   longshore.simulated.pull-error      TEXT        its image cannot be pulled
 *   longshore.simulated.start-delay     DURATION    how long it takes to start
 *   longshore.simulated.fail-start      TEXT        it cannot be started
 *   longshore.simulated.exit-after      DURATION    it exits by itself, so long after its start
 *   longshore.simulated.exit-code       0 to 255    ... with this code; at once without exit-after
 *   longshore.simulated.oom             true|false  ... killed for its memory, with code 137
 *   longshore.simulated.lives           LIVES       the same for each of its starts, restarts included
 *   longshore.simulated.health          HEALTH      outcomes of its health check
 *   longshore.simulated.ignore-sigterm  true|false  it has to be killed
 *   longshore.simulated.stop-delay      DURATION    how long it takes to heed SIGTERM
 *   longshore.simulated.stop-exit-code  0 to 255    ... and what it exits with then; else 143
 *   longshore.simulated.output          TEXT        the lines that it writes at each start
 *
 * DURATION is `250ms`, `2s`, `1.5m` or `1h`. HEALTH is a list such as `HEALTHY after 2s, UNHEALTHY after 1m`,
 * counted from the start; `after` may be left out. LIVES is a list such as `1m:3; 2m:oom; forever`: after
 * how long it exits, and with which code (0 if left out); the last one repeats.
 * An error's TEXT may begin with ECS's name of the error, `ResourceInitializationError: ...`.
 *
 * Images `simulated/NAME` stand for the most frequent of these (see scripted-image.ts); labels win.
 * Without any of this a container starts, is HEALTHY if it has a check, and runs until it is stopped.
 */

export const labelPrefix = 'longshore.simulated.';

const settingNames: readonly string[] = [
  'pull-delay',
  'image-digest',
  'pull-error',
  'start-delay',
  'fail-start',
  'exit-after',
  'exit-code',
  'oom',
  'lives',
  'health',
  'ignore-sigterm',
  'stop-delay',
  'stop-exit-code',
  'output',
];

/** What a container's process does from one start to its end. */
export interface ScriptedRun {
  /** Absent where it runs until it is stopped. */
  readonly exitAfterMs?: number;
  readonly exitCode: number;
  readonly outOfMemory: boolean;
}

export interface ScriptedHealth {
  readonly status: 'HEALTHY' | 'UNHEALTHY';
  /** Counted from the container's start; absent means as soon as the check can say so. */
  readonly afterMs?: number;
}

export interface ContainerScript {
  readonly pullDelayMs: number | undefined;
  readonly imageDigest: string | undefined;
  readonly pullError: string | undefined;
  readonly startDelayMs: number | undefined;
  readonly startError: string | undefined;
  /** One for each start; the last one repeats. */
  readonly runs: readonly ScriptedRun[];
  /** Empty where the container has no health check. */
  readonly health: readonly ScriptedHealth[];
  readonly ignoresSigterm: boolean;
  readonly stopDelayMs: number | undefined;
  readonly stopExitCode: number | undefined;
  readonly output: readonly string[];
}

/** How a container lives whose definition has no script that can be followed: it never does. */
export const noScript: ContainerScript = {
  imageDigest: undefined,
  pullDelayMs: undefined,
  pullError: undefined,
  startDelayMs: undefined,
  startError: undefined,
  runs: [],
  health: [],
  ignoresSigterm: false,
  stopDelayMs: undefined,
  stopExitCode: undefined,
  output: [],
};

/** @throws MalformedScript */
export function parseContainerScript(definition: ContainerDefinition): ContainerScript {
  const settings = settingsOf(definition);
  const unknown = settings.names.find((name) => !settingNames.includes(name));
  if (unknown !== undefined) {
    throw new MalformedScript(`${unknown} is not one of [${settingNames.join(',')}]`);
  }
  return {
    pullDelayMs: settings.durationMs('pull-delay'),
    imageDigest: settings.text('image-digest'),
    pullError: namedError('CannotPullContainerError', settings.text('pull-error')),
    startDelayMs: settings.durationMs('start-delay'),
    startError: namedError('CannotStartContainerError', settings.text('fail-start')),
    runs: parseRuns(settings),
    health: parseHealth(settings, hasHealthCheck(definition)),
    ignoresSigterm: settings.flag('ignore-sigterm'),
    stopDelayMs: settings.durationMs('stop-delay'),
    stopExitCode: settings.exitCode('stop-exit-code'),
    output: settings.text('output')?.split('\n') ?? [],
  };
}

function settingsOf({ image, dockerLabels = {} }: ContainerDefinition): ScriptSettings {
  const values = new Map(Object.entries(scriptedImage(image)));
  for (const [label, value] of Object.entries(dockerLabels)) {
    if (label.startsWith(labelPrefix)) values.set(label.slice(labelPrefix.length), value.trim());
  }
  return new ScriptSettings(values);
}

function namedError(name: string, text: string | undefined): string | undefined {
  if (text === undefined || /^[A-Z][A-Za-z]*Error: /.test(text)) return text;
  return `${name}: ${text}`;
}

function parseRuns(settings: ScriptSettings): readonly ScriptedRun[] {
  const lives = settings.text('lives');
  const exitAfterMs = settings.durationMs('exit-after');
  const exitCode = settings.exitCode('exit-code');
  const outOfMemory = settings.flag('oom');
  const exits = exitAfterMs !== undefined || exitCode !== undefined || outOfMemory;
  if (lives !== undefined) {
    if (exits) throw new MalformedScript('lives excludes exit-after, exit-code and oom');
    return lives.split(';').map((life) => parseLife(life.trim()));
  }
  if (!exits) return [endlessRun];
  return [aRun(exitAfterMs ?? 0, exitCode, outOfMemory)];
}

const endlessRun: ScriptedRun = { exitCode: 0, outOfMemory: false };

function aRun(exitAfterMs: number, exitCode: number | undefined, outOfMemory: boolean) {
  return { exitAfterMs, exitCode: exitCode ?? (outOfMemory ? 137 : 0), outOfMemory };
}

function parseLife(life: string): ScriptedRun {
  if (life === 'forever') return endlessRun;
  const [duration = '', outcome = '0'] = life.split(':', 2);
  const exitAfterMs = readDuration('a life', duration);
  if (outcome === 'oom') return aRun(exitAfterMs, undefined, true);
  return aRun(exitAfterMs, readExitCode('the outcome of a life', outcome), false);
}

function parseHealth(settings: ScriptSettings, isChecked: boolean): readonly ScriptedHealth[] {
  const text = settings.text('health');
  if (!isChecked) {
    if (text === undefined) return [];
    throw new MalformedScript('health is of no use to a container without a healthCheck');
  }
  return (text ?? 'HEALTHY').split(',').map((outcome) => parseOutcome(outcome.trim()));
}

function parseOutcome(outcome: string): ScriptedHealth {
  const { status, after } =
    /^(?<status>HEALTHY|UNHEALTHY)(?: after (?<after>\S+))?$/.exec(outcome)?.groups ?? {};
  if (status !== 'HEALTHY' && status !== 'UNHEALTHY') {
    throw new MalformedScript(`health is not like 'UNHEALTHY after 2s': '${outcome}'`);
  }
  return after === undefined ? { status } : { status, afterMs: readDuration('health', after) };
}
