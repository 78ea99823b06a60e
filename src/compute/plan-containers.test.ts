import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  allEnded,
  planContainers,
  type ContainerAction,
  type ContainerOrdering,
  type ContainerState,
  type DependencyCondition,
  type TaskGoal,
} from './plan-containers.ts';

const now = 1_000_000;
const running: ContainerState = { phase: 'running', startedAt: now, health: 'UNKNOWN' };

function anOrdering(given: Partial<ContainerOrdering> & { name: string }): ContainerOrdering {
  const nothing = { dependsOn: [], buildsOn: [], needsAddressOf: [] };
  return { essential: true, ...nothing, stopTimeoutSeconds: 30, ...given };
}

function waitsFor(condition: DependencyCondition, dependency: Partial<ContainerOrdering> = {}) {
  return [
    anOrdering({ name: 'db', essential: false, ...dependency }),
    anOrdering({ name: 'app', dependsOn: [{ containerName: 'db', condition }] }),
  ];
}

function plan(
  orderings: readonly ContainerOrdering[],
  states: Record<string, ContainerState>,
  goal: TaskGoal = 'running',
) {
  return planContainers({ orderings, states: new Map(Object.entries(states)), goal }, now);
}

const starts: ContainerAction = { kind: 'Start', container: 'app' };
const neverStarts: ContainerAction = {
  kind: 'Abandon',
  container: 'app',
  cause: {
    failsTask: true,
    reason:
      'CannotStartContainerError: dependency graph: failed to resolve container ordering ' +
      'dependency [db] for target [app] because dependency will never start',
  },
};
const timedOut: ContainerAction = {
  kind: 'Abandon',
  container: 'app',
  cause: {
    failsTask: true,
    reason:
      'CannotStartContainerError: dependency graph: container ordering dependency [db] for ' +
      'target [app] has timed out.',
  },
};
const failed: ContainerAction = { kind: 'Abandon', container: 'app', cause: { failsTask: true } };

function ended(exitCode?: number): ContainerState {
  return exitCode === undefined ? { phase: 'ended' } : { phase: 'ended', startedAt: 1, exitCode };
}

describe('a container that depends on another', () => {
  test.each<[DependencyCondition, string, ContainerState, ContainerAction[]]>([
    ['START', 'is being started', { phase: 'starting' }, []],
    ['START', 'runs', running, [starts]],
    ['START', 'has run and ended', ended(1), [starts]],
    ['START', 'never ran', ended(), [neverStarts]],
    ['COMPLETE', 'runs', running, []],
    ['COMPLETE', 'has failed', ended(1), [starts]],
    ['COMPLETE', 'never ran', ended(), [neverStarts]],
    ['SUCCESS', 'runs', running, []],
    ['SUCCESS', 'has succeeded', ended(0), [starts]],
    ['SUCCESS', 'has failed', ended(1), [failed]],
    ['HEALTHY', 'is not known to be healthy', running, []],
    ['HEALTHY', 'is unhealthy', { ...running, health: 'UNHEALTHY' }, []],
    ['HEALTHY', 'is healthy', { ...running, health: 'HEALTHY' }, [starts]],
    ['HEALTHY', 'has ended', ended(0), [neverStarts]],
  ])('on its %s, where it %s', (condition, _, db, actions) => {
    expect(plan(waitsFor(condition), { db, app: { phase: 'created' } }).actions).toEqual(actions);
  });

  test.each(['COMPLETE', 'SUCCESS', 'HEALTHY'] as const)(
    'on its %s never starts once its start timeout has passed',
    (condition) => {
      const orderings = waitsFor(condition, { startTimeoutSeconds: 60 });
      const app: ContainerState = { phase: 'created' };
      const early = plan(orderings, { db: { ...running, startedAt: now - 59_999 }, app });
      expect(early).toEqual({ actions: [], lookAgainAt: now + 1 });
      const late = plan(orderings, { db: { ...running, startedAt: now - 60_000 }, app });
      expect(late).toEqual({ actions: [timedOut] });
    },
  );

  test('waits for a dependency without a start timeout for as long as that may still come', () => {
    const db: ContainerState = { ...running, startedAt: 0, health: 'UNHEALTHY' };
    const app: ContainerState = { phase: 'created' };
    expect(plan(waitsFor('HEALTHY'), { db, app })).toEqual({ actions: [] });
  });

  test('does not fail the task where neither of them is essential', () => {
    const [db, app] = waitsFor('SUCCESS');
    const orderings = [db, { ...app, essential: false }] as ContainerOrdering[];
    expect(plan(orderings, { db: ended(1), app: { phase: 'created' } }).actions).toEqual([
      { kind: 'Abandon', container: 'app', cause: { failsTask: false } },
    ]);
  });
});

test('a container is created after those whose volumes it takes over', () => {
  const orderings = [anOrdering({ name: 'app', buildsOn: ['data'] }), anOrdering({ name: 'data' })];
  expect(plan(orderings, {}).actions).toEqual([{ kind: 'Create', container: 'data' }]);
  expect(plan(orderings, { data: { phase: 'created' } }).actions).toEqual([
    { kind: 'Create', container: 'app' },
    { kind: 'Start', container: 'data' },
  ]);
});

test.each<[string, ContainerState, ContainerAction['kind'] | undefined]>([
  ['is being started', { phase: 'starting' }, undefined],
  ['runs', running, 'Create'],
  ['never ran', ended(), 'Abandon'],
])('a container that needs the address of one that %s', (_, db, kind) => {
  const needs = { dependsOn: [{ containerName: 'db', condition: 'START' } as const] };
  const orderings = [
    anOrdering({ name: 'db', essential: false }),
    anOrdering({ name: 'app', needsAddressOf: ['db'], ...needs }),
  ];
  expect(plan(orderings, { db }).actions.map((action) => action.kind)).toEqual(kind ? [kind] : []);
});

describe('a restart policy', () => {
  const exit = { phase: 'exited', exitCode: 1, startedAt: now - 60_000, at: now } as const;
  const policy = { ignoredExitCodes: [0], attemptPeriodSeconds: 60 };
  test.each<[string, ContainerState, TaskGoal, ContainerAction['kind']]>([
    ['starts the container again after its period', exit, 'running', 'Restart'],
    ['leaves an early exit', { ...exit, startedAt: exit.startedAt + 1 }, 'running', 'End'],
    ['leaves an ignored exit code', { ...exit, exitCode: 0 }, 'running', 'End'],
    ['restarts nothing in a task that could not start', exit, 'halted', 'End'],
    ['restarts nothing in a task that stops', exit, 'stopped', 'End'],
  ])('%s', (_, app, goal, kind) => {
    const orderings = [anOrdering({ name: 'app', restartPolicy: policy })];
    expect(plan(orderings, { app }, goal).actions).toEqual([{ kind, container: 'app' }]);
  });

  test('is off unless it is given', () => {
    expect(plan([anOrdering({ name: 'app' })], { app: exit }).actions).toEqual([
      { kind: 'End', container: 'app' },
    ]);
  });
});

test('containers stop in the reverse of their dependencies, each with its own timeout', () => {
  const orderings = waitsFor('START', { stopTimeoutSeconds: 7 });
  const stopApp = { kind: 'Stop', container: 'app', timeoutSeconds: 30 };
  expect(plan(orderings, { db: running, app: running }, 'stopped').actions).toEqual([stopApp]);
  const stopping: ContainerState = { phase: 'stopping', startedAt: now };
  expect(plan(orderings, { db: running, app: stopping }, 'stopped').actions).toEqual([]);
  expect(plan(orderings, { db: running, app: ended(0) }, 'stopped').actions).toEqual([
    { kind: 'Stop', container: 'db', timeoutSeconds: 7 },
  ]);
});

test('a proxy that is not ready has nothing to end, and is not given time for it', () => {
  const proxy = anOrdering({ name: 'proxy', isIdleUntilHealthy: true });
  const stops = (timeoutSeconds: number) => [{ kind: 'Stop', container: 'proxy', timeoutSeconds }];
  expect(plan([proxy], { proxy: running }, 'stopped').actions).toEqual(stops(0));
  const ready: ContainerState = { ...running, health: 'HEALTHY' };
  expect(plan([proxy], { proxy: ready }, 'stopped').actions).toEqual(stops(30));
});

test('a stop abandons what has not started and waits for what is being started', () => {
  const orderings = ['a', 'b', 'c'].map((name) => anOrdering({ name }));
  const states = { b: { phase: 'created' }, c: { phase: 'starting' } } as const;
  expect(plan(orderings, states, 'stopped').actions).toEqual([
    { kind: 'Abandon', container: 'a' },
    { kind: 'Abandon', container: 'b' },
  ]);
});

/** An acyclic task: each container depends only on those before it. */
const anyTask = fc
  .array(
    fc.record({
      essential: fc.boolean(),
      exitCode: fc.option(fc.constantFrom(0, 1), { nil: undefined }),
      links: fc.array(
        fc.tuple(
          fc.nat(),
          fc.constantFrom<DependencyCondition>('START', 'COMPLETE', 'SUCCESS', 'HEALTHY'),
        ),
        { maxLength: 3 },
      ),
      buildsOn: fc.array(fc.nat(), { maxLength: 1 }),
    }),
    { minLength: 1, maxLength: 6 },
  )
  .map((containers) =>
    containers.map(({ essential, exitCode, links, buildsOn }, index) => ({
      exitCode,
      ordering: anOrdering({
        name: `c${index}`,
        essential,
        dependsOn:
          index === 0
            ? []
            : links.map(([n, condition]) => ({ containerName: `c${n % index}`, condition })),
        buildsOn: index === 0 ? [] : buildsOn.map((n) => `c${n % index}`),
      }),
    })),
  );

/**
 * Plays a task's plans until there is nothing to do, with containers that do what they are told.
 */
function play(
  task: readonly { ordering: ContainerOrdering; exitCode: number | undefined }[],
  states: Map<string, ContainerState>,
  goal: TaskGoal,
): ContainerAction[] {
  const orderings = task.map(({ ordering }) => ordering);
  const done: ContainerAction[] = [];
  for (let round = 0; ; round++) {
    expect(round).toBeLessThan(task.length * 10);
    const { actions } = planContainers({ orderings, states, goal }, now);
    if (actions.length === 0) return done;
    for (const action of actions) {
      done.push(action);
      const exitCode = task.find(({ ordering }) => ordering.name === action.container)?.exitCode;
      states.set(action.container, outcome(action, states.get(action.container), exitCode));
    }
  }
}

function outcome(
  action: ContainerAction,
  state: ContainerState | undefined,
  exitCode: number | undefined,
): ContainerState {
  switch (action.kind) {
    case 'Create':
      return { phase: 'created' };
    case 'Start':
    case 'Restart':
      return exitCode === undefined
        ? { phase: 'running', startedAt: now, health: 'HEALTHY' }
        : { phase: 'exited', startedAt: now, at: now, exitCode };
    case 'Stop':
      return { phase: 'exited', startedAt: now, at: now, exitCode: 143 };
    case 'End':
      return ended(state?.phase === 'exited' ? state.exitCode : 0);
    case 'Abandon':
      return { phase: 'ended' };
  }
}

test('a container starts only after all it depends on, and stops before them', () => {
  fc.assert(
    fc.property(anyTask, (task) => {
      const states = new Map<string, ContainerState>();
      const started = play(task, states, 'running').filter(({ kind }) => kind === 'Start');
      const startOrder = started.map(({ container }) => container);
      const stopped = play(task, states, 'stopped').filter(({ kind }) => kind === 'Stop');
      const stopOrder = stopped.map(({ container }) => container);
      const before = (order: string[], name: string) => order.slice(0, order.indexOf(name));
      for (const { ordering } of task) {
        const { name, dependsOn } = ordering;
        const dependencies = dependsOn.map(({ containerName }) => containerName);
        if (!startOrder.includes(name)) continue;
        expect(before(startOrder, name)).toEqual(expect.arrayContaining(dependencies));
        const stopsToo = stopOrder.includes(name) ? dependencies : [];
        expect(stopsToo.filter((other) => before(stopOrder, name).includes(other))).toEqual([]);
      }
    }),
  );
});

test('a stop ends every container, wherever the task was', () => {
  fc.assert(
    fc.property(anyTask, fc.nat(20), (task, stopAfter) => {
      const orderings = task.map(({ ordering }) => ordering);
      const states = new Map<string, ContainerState>();
      for (let step = 0; step < stopAfter; step++) {
        const [action] = planContainers({ orderings, states, goal: 'running' }, now).actions;
        if (!action) break;
        const exitCode = task.find((c) => c.ordering.name === action.container)?.exitCode;
        states.set(action.container, outcome(action, states.get(action.container), exitCode));
      }
      play(task, states, 'stopped');
      expect(allEnded({ orderings, states, goal: 'stopped' })).toBe(true);
    }),
  );
});
