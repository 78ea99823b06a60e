import { setTimeout as delay } from 'node:timers/promises';
import { demoPage } from '../demo-image.ts';
import { SetupError, type StepResult } from '../steps.ts';
import { type RunningTask, container } from './web-task.ts';

const fetchSeconds = 10;
const pollMilliseconds = 25;

/** Fetches the page from the task's own address; the container needs a moment to listen. */
export async function fetchPage({ privateIpv4Address }: RunningTask): Promise<StepResult<void>> {
  const url = `http://${privateIpv4Address}/`;
  if (process.platform !== 'linux') {
    return { note: `${url} is inside Docker Desktop's virtual machine`, value: undefined };
  }
  const deadline = performance.now() + fetchSeconds * 1000;
  for (;;) {
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(fetchSeconds * 1000) });
      const page = await response.text();
      if (page !== demoPage) throw new SetupError(`${url} shows another page:\n${page}`);
      return { note: `${url} shows "It works."`, value: undefined };
    } catch (error) {
      if (error instanceof SetupError) throw error;
      if (performance.now() > deadline) {
        throw new SetupError(
          `${url} does not answer, though the container runs. Does a firewall stand between this ` +
            'machine and its own containers?',
        );
      }
      await delay(pollMilliseconds);
    }
  }
}

/** What the task's container has printed so far. */
export async function readOutput(
  endpoint: string,
  { taskArn }: RunningTask,
): Promise<StepResult<string>> {
  const query = new URLSearchParams({ task: taskArn, container });
  const response = await fetch(`${endpoint}/longshore/logs?${query.toString()}`);
  const output = await response.text();
  if (!response.ok) {
    throw new SetupError(`The output of the container is not to be had: ${output.trim()}`);
  }
  const lines = output.trimEnd().split('\n');
  return { note: `${lines.length} ${lines.length === 1 ? 'line' : 'lines'}`, value: output };
}
