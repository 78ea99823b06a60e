import { cloudMapFaultOf, cloudMapService } from './companions/cloud-map/cloud-map-service.ts';
import { logsFaultOf, logsService } from './companions/logs/logs-service.ts';
import {
  secretsFaultOf,
  secretsManagerService,
} from './companions/secrets-manager/secrets-manager-service.ts';
import { ssmFaultOf, ssmService, type Sessions } from './companions/ssm/ssm-service.ts';
import type { Logs } from './logs/logs.ts';
import type { Fault, JsonService } from './protocol/service.ts';
import { scalingFaultOf } from './service-scaling.ts';
import type { State } from './state/state.ts';
import { newId, newSuffix } from './support/ids.ts';
import type { Vault } from './support/vault.ts';

export interface CompanionParts {
  readonly state: State;
  readonly vault: Vault;
  readonly logs: Logs;
  /** Absent where compute can run no commands. */
  readonly exec: Sessions | undefined;
  readonly scaling: JsonService;
}

/** What is served of other AWS services than ECS, at the same address. */
export function companionServices(parts: CompanionParts): readonly JsonService[] {
  const { state, vault, logs, exec, scaling } = parts;
  return [
    logsService(logs),
    ssmService({ state, vault, sessions: exec }),
    secretsManagerService({ state, vault, newSuffix }),
    cloudMapService({ state, newId }),
    scaling,
  ];
}

const faultsOf = [logsFaultOf, ssmFaultOf, secretsFaultOf, cloudMapFaultOf, scalingFaultOf];

/** Which of their errors a caller is told about. */
export function companionFaultOf(error: unknown): Fault | undefined {
  for (const find of faultsOf) {
    const fault = find(error);
    if (fault) return fault;
  }
  return undefined;
}
