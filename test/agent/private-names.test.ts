import { afterEach, expect, test } from 'vitest';
import { Resolver, type ResolverFacts } from '../../src/dns/resolver.ts';
import { scopeKey } from '../../src/domain/arn.ts';
import { systemClock } from '../../src/support/clock.ts';
import { silentLog } from '../fixtures/silent-log.ts';
import { AgentSite } from './agent-site.ts';

let site: AgentSite | undefined;
afterEach(async () => {
  await site?.close();
  site = undefined;
});

/** A resolver that shows what it has been told. */
class OpenResolver extends Resolver {
  facts: ResolverFacts | undefined;

  override serve(facts: ResolverFacts): void {
    this.facts = facts;
    super.serve(facts);
  }
}

test('a machine may ask for the names of its account for as long as its agent is connected from there', async () => {
  const setting = { host: '127.0.0.1', port: 0, clock: systemClock, log: silentLog };
  const resolver = new OpenResolver(setting);
  site = await AgentSite.open({ names: { resolver, taskAt: () => undefined } });
  const { accountId, agent } = site;
  const scope = scopeKey({ partition: 'aws', region: 'us-east-1', accountId });
  const scopeAt = (address: string) => resolver.facts?.instanceScopeAt(address);
  await expect.poll(() => scopeAt('127.0.0.1')).toBe(scope);
  expect(scopeAt('127.0.0.2')).toBeUndefined();
  await agent.close();
  await expect.poll(() => scopeAt('127.0.0.1')).toBeUndefined();
});
