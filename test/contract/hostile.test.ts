import { expect } from 'vitest';
import { inputSchemas, oddlyValued, wronglyTyped, type HostileInput } from './hostile-inputs.ts';
import type { RawAnswer, RawClient } from './raw-client.ts';
import { aDefinition, aRun } from './requests.ts';
import { faultsOf, expectUnharmed, test } from './hostile-server.ts';

/** Sends inputs, some at a time, and gives the answers of those that are not as expected. */
async function surprises(
  raw: RawClient,
  inputs: Iterable<HostileInput>,
  isExpected: (answer: RawAnswer) => boolean,
): Promise<readonly string[]> {
  const found: string[] = [];
  const queue = Iterator.from(inputs);
  const worker = async (): Promise<void> => {
    for (const { operation, what, json } of queue) {
      const answer = await raw.send({ operation, body: json });
      const faults = faultsOf(answer);
      if (!isExpected(answer)) faults.push('unexpected');
      if (faults.length === 0) continue;
      found.push(`${what}: ${faults.join(', ')}: ${answer.status} ${answer.body.slice(0, 200)}`);
    }
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  return found;
}

/** Inputs that are accepted, to be spoilt in one place each. */
const acceptedInputs: Readonly<Record<string, object>> = {
  CreateCluster: { clusterName: 'hostile' },
  RegisterTaskDefinition: aDefinition(),
  RunTask: aRun(),
  TagResource: { tags: [{ key: 'a', value: 'b' }] },
};

const isSerializationException = ({ status, errorType }: RawAnswer): boolean =>
  status === 400 && errorType === 'SerializationException';

test('a value of a wrong type is a SerializationException, in every member of every operation', async ({
  raw,
  server,
  accountId,
}) => {
  let count = 0;
  function* inputs(): Iterable<HostileInput> {
    for (const operation of inputSchemas.keys()) {
      for (const input of wronglyTyped(operation, {})) {
        count += 1;
        yield input;
      }
    }
  }
  expect(await surprises(raw, inputs(), isSerializationException)).toEqual([]);
  expect(inputSchemas.size).toBeGreaterThanOrEqual(88);
  expect(count).toBeGreaterThan(5_000);
  await expectUnharmed(server, accountId);
});

test('an odd value is taken or refused in every member of every operation that is built', async ({
  raw,
  ecs,
  server,
  accountId,
}) => {
  await ecs.createCluster();
  await ecs.registerTaskDefinition(aDefinition());
  let count = 0;
  for (const operation of inputSchemas.keys()) {
    const plain = await raw.send({ operation });
    if (plain.errorType === 'UnsupportedFeatureException') continue;
    const inputs = [...oddlyValued(operation, acceptedInputs[operation] ?? {})];
    count += inputs.length;
    expect(await surprises(raw, inputs, ({ status }) => status === 200 || status === 400)).toEqual(
      [],
    );
  }
  expect(count).toBeGreaterThan(1_500);
  await expectUnharmed(server, accountId);
});
