import fc from 'fast-check';
import { expect, test } from 'vitest';
import { aCluster } from '../../test/fixtures/a-cluster.ts';
import { aTaskDefinition } from '../../test/fixtures/a-task-definition.ts';
import { aTaskContainer, aTask } from '../../test/fixtures/a-task.ts';
import { aContainerInstance, aPlacementSpec } from '../../test/fixtures/container-instances.ts';
import type { Task } from '../domain/task/task.ts';
import type { Journal } from './table.ts';
import { Tables } from './tables.ts';

const cluster = aCluster();
const definition = aTaskDefinition({ networkMode: 'bridge' });
const instances = [aContainerInstance({ id: 1 }), aContainerInstance({ id: 2 })];

/** Records, with what would undo each change, the last one first. */
class Records implements Journal {
  readonly isOpen = true;
  readonly tables = new Tables(this);
  #undos: (() => void)[] = [];

  constructor() {
    this.tables.taskDefinitions.put(definition);
    for (const instance of instances) this.tables.containerInstances.put(instance);
  }

  note(_kind: string, _key: string, undo: () => void): void {
    this.#undos.unshift(undo);
  }

  /** Does something, and undoes it. */
  inVain(change: () => void): void {
    this.#undos = [];
    change();
    for (const undo of this.#undos) undo();
  }
}

type Step =
  | { readonly kind: 'run'; readonly instance: number }
  | { readonly kind: 'start' | 'stop' | 'end' | 'forget'; readonly task: number }
  | { readonly kind: 'deregister' | 'drain' | 'activate'; readonly instance: number };

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('run' as const), instance: fc.nat(1) }),
  fc.record({
    kind: fc.constantFrom('start' as const, 'stop' as const, 'end' as const, 'forget' as const),
    task: fc.nat(7),
  }),
  fc.record({
    kind: fc.constantFrom('deregister' as const, 'drain' as const, 'activate' as const),
    instance: fc.nat(1),
  }),
);

function perform(records: Records, tasks: Task[], step: Step): void {
  switch (step.kind) {
    case 'run':
      return run(records, tasks, step.instance);
    case 'start':
    case 'stop':
    case 'end':
    case 'forget':
      return moveOn(records, tasks, step);
    case 'deregister':
    case 'drain':
    case 'activate': {
      const { containerInstances } = records.tables;
      const instance = containerInstances.find(instances[step.instance]?.arn ?? '');
      if (instance) containerInstances.put({ ...instance, status: statusAfter[step.kind] });
    }
  }
}

function run({ tables }: Records, tasks: Task[], at: number): void {
  const instance = tables.containerInstances.find(instances[at]?.arn ?? '');
  if (!instance || instance.status === 'INACTIVE') return;
  const { networkInterface: _, ...task } = aTask({ lastStatus: 'PENDING' }, definition);
  const placed: Task = { ...task, containerInstanceArn: instance.arn };
  tasks.push(placed);
  tables.tasks.put(placed);
}

function moveOn({ tables }: Records, tasks: Task[], step: { kind: string; task: number }): void {
  const task = tables.tasks.find(tasks[step.task]?.arn ?? '');
  if (!task) return;
  if (step.kind === 'forget') tables.tasks.delete(task);
  else tables.tasks.put(changedTask(task, step));
}

const statusAfter = { deregister: 'INACTIVE', drain: 'DRAINING', activate: 'ACTIVE' } as const;

/** Each task has a port of its own: no host gives one twice. */
function changedTask(before: Task, { kind, task }: { kind: string; task: number }): Task {
  if (kind === 'stop') return { ...before, desiredStatus: 'STOPPED' };
  if (kind === 'end') return { ...before, desiredStatus: 'STOPPED', lastStatus: 'STOPPED' };
  if (before.lastStatus === 'STOPPED') return before;
  const ports = { bindIP: '0.0.0.0', containerPort: 80, hostPort: 32_768 + task };
  const networkBindings = [{ ...ports, protocol: 'tcp' as const }];
  return { ...before, lastStatus: 'RUNNING', containers: [aTaskContainer({ networkBindings })] };
}

/** What a process that starts with the same records would say. */
function seenAnew({ tables }: Records) {
  const fresh = new Records();
  for (const one of tables.containerInstances.values()) fresh.tables.containerInstances.put(one);
  for (const one of tables.tasks.values()) fresh.tables.tasks.put(one);
  return remainingOf(fresh);
}

function remainingOf({ tables }: Records) {
  return instances.map((instance) => {
    const remaining = tables.placements.remaining(instance);
    return remaining && { ...remaining, ports: remaining.ports.toSorted((a, b) => a - b) };
  });
}

test('what is left of instances follows from the records alone, however they came about', () => {
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 25 }), (steps) => {
      const records = new Records();
      const tasks: Task[] = [];
      expect(remainingOf(records)).toEqual(seenAnew(records));
      for (const step of steps) {
        perform(records, tasks, step);
        expect(remainingOf(records)).toEqual(seenAnew(records));
      }
    }),
  );
});

test('a transaction that is undone leaves every place as it was', () => {
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 10 }), anyStep, (steps, last) => {
      const records = new Records();
      const tasks: Task[] = [];
      remainingOf(records);
      for (const step of steps) perform(records, tasks, step);
      const before = remainingOf(records);
      records.inVain(() => perform(records, tasks, last));
      expect(remainingOf(records)).toEqual(before);
    }),
  );
});

test('a place that is found is held by the record of the task, and by nothing else', () => {
  const { tables } = new Records();
  const spec = aPlacementSpec({ requirements: { cpuUnits: 4096, memoryMiB: 1 } });
  for (let tries = 0; tries < 3; tries += 1) {
    expect(tables.placements.find(cluster.arn, spec).kind).toBe('Placed');
  }
});
