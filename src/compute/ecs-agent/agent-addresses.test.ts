import { expect, test } from 'vitest';
import { containerInstanceArn, scopeKey } from '../../domain/arn.ts';
import { AgentAddresses } from './agent-addresses.ts';

const blue = { partition: 'aws', region: 'us-east-1', accountId: '111111111111' };
const green = { ...blue, accountId: '222222222222' };
const instance = (scope: typeof blue, id: string) => containerInstanceArn(scope, 'default', id);

test('an address is of the account and region whose container instances are there', () => {
  const addresses = new AgentAddresses();
  addresses.add(instance(blue, 'a'), '10.0.0.1');
  addresses.add(instance(blue, 'b'), '10.0.0.1');
  expect(addresses.scopeAt('10.0.0.1')).toBe(scopeKey(blue));
  expect(addresses.scopeAt('10.0.0.2')).toBeUndefined();
  addresses.remove(instance(blue, 'a'));
  expect(addresses.scopeAt('10.0.0.1')).toBe(scopeKey(blue));
  addresses.remove(instance(blue, 'b'));
  expect(addresses.scopeAt('10.0.0.1')).toBeUndefined();
});

test('an address behind which instances of two accounts are is nobody’s', () => {
  const addresses = new AgentAddresses();
  addresses.add(instance(blue, 'a'), '10.0.0.1');
  addresses.add(instance(green, 'b'), '10.0.0.1');
  expect(addresses.scopeAt('10.0.0.1')).toBeUndefined();
  addresses.add(instance(green, 'b'), '10.0.0.2');
  expect(addresses.scopeAt('10.0.0.1')).toBe(scopeKey(blue));
  expect(addresses.scopeAt('10.0.0.2')).toBe(scopeKey(green));
});
