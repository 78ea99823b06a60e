import { expect, test } from 'vitest';
import { scope } from '../../../test/fixtures/a-cluster.ts';
import {
  aDiscoveryService,
  aPrivateNamespace,
} from '../../../test/fixtures/a-discovery-service.ts';
import { openState } from '../../../test/fixtures/open-state.ts';
import { mostServicesInNamespace } from '../../domain/cloud-map/new-service.ts';
import { newId } from '../../support/ids.ts';
import type { CloudMapContext } from './cloud-map-context.ts';
import { createService } from './create-service.ts';

test('a namespace has at most 5,000 services', async () => {
  const state = await openState();
  const namespace = aPrivateNamespace();
  const { arn: namespaceArn } = namespace;
  state.transact((tx) => {
    tx.namespaces.put(namespace);
    for (let number = 1; number < mostServicesInNamespace; number += 1) {
      tx.discoveryServices.put(aDiscoveryService({ namespaceArn, name: `n${number}` }));
    }
  });
  const ctx: CloudMapContext = { state, scope, now: 0, newId, shuffled: (items) => items };
  const create = (Name: string) => createService({ Name, NamespaceId: namespaceArn }, ctx);
  expect(create('last').Service?.Name).toBe('last');
  expect(() => create('more')).toThrow(
    'The maximum number of services in the namespace has been reached.',
  );
});
