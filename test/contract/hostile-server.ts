import { expect } from 'vitest';
import { RawClient, type RawAnswer } from './raw-client.ts';
import { test as base, type TestServer } from './server.ts';

/** `test` with a client that sends what no SDK would. */
export const test = base.extend('raw', ({ server, accountId }, { onCleanup }) => {
  const raw = new RawClient(server.url, accountId);
  onCleanup(() => raw.close());
  return raw;
});

/** What is wrong with an answer as an answer: nothing may be, whatever the request was. */
export function faultsOf({ status, errorType, requestId, contentType, body }: RawAnswer): string[] {
  const faults: string[] = [];
  if (status >= 500) faults.push(`status ${status}`);
  if (!/^[0-9a-f-]{36}$/.test(requestId ?? '')) faults.push(`request id ${requestId}`);
  if (contentType !== 'application/x-amz-json-1.1') faults.push(`content type ${contentType}`);
  const answer: unknown = JSON.parse(body);
  if (status === 200) return faults;
  const { __type, message = '', ...others } = { ...Object(answer) };
  if (typeof __type !== 'string' || __type !== errorType) faults.push(`code ${__type}`);
  if (typeof message !== 'string') faults.push(`message ${message}`);
  if (Object.keys(others).length > 0) faults.push(`members ${Object.keys(others).join()}`);
  return faults;
}

/** After all that, the server serves as before, and has logged nothing as a failure of its own. */
export async function expectUnharmed(server: TestServer, accountId: string): Promise<void> {
  const ecs = server.client(accountId);
  const { cluster } = await ecs.createCluster({ clusterName: 'unharmed' });
  const { clusterArns } = await ecs.listClusters();
  ecs.destroy();
  expect(clusterArns).toContain(cluster?.clusterArn);
  expect(server.errors).toEqual([]);
}
