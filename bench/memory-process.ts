import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { loadSchemas } from '../src/api/ecs-service.ts';
import { taskView } from '../src/api/tasks/task-view.ts';
import { compileEncoder } from '../src/protocol/compile-encoder.ts';
import { State } from '../src/state/state.ts';
import { openSqliteStore } from '../src/store/sqlite/sqlite-store.ts';

/** In bytes: all tasks as records with their indices, and as the parsed JSON of what DescribeTasks answers. */
export interface MemoryUse {
  readonly records: number;
  readonly json: number;
}

// Loads a store as the server does, then shows all of its tasks. Its message is a MemoryUse.
const [, , folder = ''] = process.argv;

const collectGarbage = garbageCollector();
const store = await openSqliteStore(folder);
const onFailure = (error: Error): never => {
  throw error;
};
const { epoch } = await store.lease('the benchmark');
const empty = bytesInUse();
const state = new State({ store, epoch, onFailure });
await state.load();
const loaded = bytesInUse();
const tasks = describeAllTasks();
const described = bytesInUse();
await store.close();

process.once('disconnect', () => process.exit());
process.send?.({ records: loaded - empty, json: described - loaded } satisfies MemoryUse);
// Both are looked at once more, so that neither may be collected before.
if (tasks.length !== [...state.read.tasks.live()].length) throw new Error('Tasks are missing.');

function garbageCollector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc');
}

function bytesInUse(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Not by way of DescribeTasks itself, which keeps some of the JSON that it makes. */
function describeAllTasks(): readonly unknown[] {
  const encode = compileEncoder(loadSchemas()['Task$']);
  const described: unknown[] = [];
  for (const task of state.read.tasks.live()) {
    described.push(JSON.parse(encode(taskView(task, { tags: false }))));
  }
  return described;
}
