import fc from 'fast-check';
import { expect, test } from 'vitest';
import { aTask } from '../../../test/fixtures/a-task.ts';
import {
  aLoop,
  aScriptedDefinition,
  type GivenContainer,
} from '../../../test/fixtures/simulated.ts';
import type { TaskLoop } from '../../../test/fixtures/task-loop.ts';
import { applyReport } from '../../domain/task/apply-report.ts';
import { statusRank } from '../../domain/task/task.ts';
import type { TaskDefinition } from '../../domain/task-definition/task-definition.ts';
import { advanceLife } from './advance-life.ts';
import { defaultDelays } from './pace.ts';
import { lifeOf } from './task-life.ts';
import { taskScriptOf } from './task-script.ts';

const duration = fc.constantFrom('0', '30ms', '1s', '20s', '70s');

const script = fc.record(
  {
    'pull-delay': duration,
    'start-delay': duration,
    'stop-delay': duration,
    'ignore-sigterm': fc.constantFrom('true', 'false'),
    lives: fc
      .array(fc.constantFrom('0', '1s:1', '5s:0', '65s:3', '80s:oom', 'forever'), { minLength: 1 })
      .map((lives) => lives.join(';')),
  },
  { requiredKeys: [] },
);

/** What makes a start fail; mostly nothing does. */
const failure: fc.Arbitrary<Record<string, string>> = fc.oneof(
  { weight: 8, arbitrary: fc.constant({}) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      { 'pull-error': 'no image' },
      { 'fail-start': 'no process' },
      { 'exit-after': 'malformed' },
    ),
  },
);

const healthScript = fc.constantFrom<Record<string, string>>(
  {},
  { health: 'UNHEALTHY' },
  { health: 'UNHEALTHY after 1s, HEALTHY after 3s' },
);

interface AnyContainer extends GivenContainer {
  readonly essential: boolean;
}

/** The container number `index`; it depends only on those before it, as RegisterTaskDefinition demands. */
function anyContainer(index: number): fc.Arbitrary<AnyContainer> {
  const wish = fc.constantFrom('START', 'COMPLETE', 'SUCCESS', 'HEALTHY', undefined);
  return fc
    .record({
      essential: index === 0 ? fc.constant(true) : fc.boolean(),
      isChecked: fc.boolean(),
      restarts: fc.boolean(),
      startTimeout: fc.constantFrom(undefined, 2, 40),
      stopTimeout: fc.constantFrom(2, 30),
      scripts: fc.tuple(script, failure, healthScript),
      wishes: fc.array(wish, { minLength: index, maxLength: index }),
    })
    .map(({ essential, isChecked, restarts, startTimeout, stopTimeout, scripts, wishes }) => ({
      name: `c${index}`,
      essential,
      stopTimeout,
      ...(startTimeout !== undefined && { startTimeout }),
      ...(restarts && { restartPolicy: { enabled: true, restartAttemptPeriod: 60 } }),
      ...(isChecked && { healthCheck: { command: ['CMD-SHELL', 'true'] } }),
      script: { ...scripts[0], ...scripts[1], ...(isChecked && scripts[2]) },
      dependsOn: wishes.flatMap((condition, target) =>
        condition === undefined ? [] : [{ containerName: `c${target}`, condition }],
      ),
    }));
}

const anyDefinition: fc.Arbitrary<TaskDefinition> = fc
  .tuple(anyContainer(0), anyContainer(1), anyContainer(2))
  .map((containers) => aScriptedDefinition(...containers));

const anyMoves = fc.array(
  fc.record({ afterMs: fc.nat(100_000), move: fc.constantFrom('restart', 'look') }),
  { maxLength: 3 },
);

function checkTaken({ taken }: TaskLoop): void {
  for (const { report, before, after } of taken) {
    expect(statusRank(after.lastStatus)).toBeGreaterThanOrEqual(statusRank(before.lastStatus));
    const hasMoved = after.lastStatus !== before.lastStatus;
    // A container that ends while its task runs on is the only other change that counts.
    const runsOn = report.kind === 'ContainerStopped' && after.lastStatus === 'RUNNING';
    const grown = after.version - before.version;
    expect(hasMoved ? [1] : runsOn ? [0, 1] : [0]).toContain(grown);
    expect(applyReport(after, report)).toBe(after);
  }
}

test('whatever its script, and whenever it is stopped, a task comes to STOPPED', async () => {
  await fc.assert(
    fc.asyncProperty(
      anyDefinition,
      anyMoves,
      fc.constantFrom(0, 1),
      async (definition, moves, jitter) => {
        const loop = await aLoop({ jitter });
        const arn = loop.run(definition);
        for (const { afterMs, move } of moves) {
          loop.advance(afterMs);
          if (move === 'restart') await loop.restart();
        }
        loop.stop(arn);
        loop.advance(10 * 60_000);
        const task = loop.task(arn);
        expect(task).toMatchObject({ lastStatus: 'STOPPED', desiredStatus: 'STOPPED' });
        expect(task.containers.every(({ lastStatus }) => lastStatus === 'STOPPED')).toBe(true);
        expect(loop.reportsOf(arn).filter(({ kind }) => kind === 'Released')).toHaveLength(1);
        expect(loop.compute.health()).toMatchObject({ queuedStarts: 0, queuedStops: 0 });
        checkTaken(loop);
      },
    ),
  );
});

test('how often a life is looked at does not change its facts', () => {
  const pace = { delays: defaultDelays, jitter: 0, seed: 0 };
  const end = 300_000;
  fc.assert(
    fc.property(anyDefinition, fc.array(fc.nat(end)), (definition, times) => {
      const task = aTask({}, definition);
      const script = taskScriptOf(definition);
      const facts = (moments: readonly number[]) => {
        let life = lifeOf({ task, script, address: '10.0.0.1', pace, now: 0 });
        return moments.flatMap((now) => {
          const advance = advanceLife(life, { now, pace, isToldToStop: false });
          life = advance.life;
          return advance.reports;
        });
      };
      expect(facts([...times.toSorted((a, b) => a - b), end])).toEqual(facts([end]));
    }),
  );
});
