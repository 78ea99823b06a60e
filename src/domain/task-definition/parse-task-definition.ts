import type { RegisterTaskDefinitionRequest } from '@aws-sdk/client-ecs';
import { clientError } from '../errors.ts';
import type { Tag } from '../tags.ts';
import { parseTags } from '../tags.ts';
import { checkRequiredCompatibilities } from './compatibilities.ts';
import { checkContainerSettings } from './container-settings.ts';
import { checkContainerCount, checkContainers, checkEssentialContainer } from './containers.ts';
import { checkContainerSizes, checkTaskSize } from './cpu-and-memory.ts';
import { checkLength } from './definition-length.ts';
import { checkDependencies, checkLinks } from './dependencies.ts';
import { checkEnvironment } from './environment.ts';
import { parseFamily } from './family.ts';
import { fillInDefaults } from './fill-in-defaults.ts';
import { checkFirelens } from './firelens.ts';
import { checkHealthChecks } from './health-check.ts';
import { checkLinuxParameters } from './linux-parameters.ts';
import { checkLogConfigurations } from './log-configuration.ts';
import { checkNetworkMode } from './network-mode.ts';
import { checkPlacementConstraints } from './placement-constraints.ts';
import { checkPortMappings } from './port-mappings.ts';
import { checkProxyConfiguration } from './proxy-configuration.ts';
import { checkRequiredMembers } from './required-members.ts';
import { checkRuntimePlatform } from './runtime-platform.ts';
import { checkSecrets } from './secrets.ts';
import type { TaskDefinitionContent } from './task-definition.ts';
import { checkRoles, checkTaskSettings } from './task-settings.ts';
import { checkVolumes } from './volumes.ts';

/** What RegisterTaskDefinition asks to be made a revision of a family. */
export interface ParsedTaskDefinition {
  readonly family: string;
  readonly content: TaskDefinitionContent;
  readonly tags: readonly Tag[];
}

/** The rules in ECS's order: of several that are broken, the first is the one it names. */
const checks: readonly ((content: TaskDefinitionContent) => void)[] = [
  checkContainers,
  checkContainerSizes,
  checkEssentialContainer,
  checkRequiredMembers,
  checkPortMappings,
  checkLinks,
  checkDependencies,
  checkHealthChecks,
  checkLogConfigurations,
  checkFirelens,
  checkEnvironment,
  checkSecrets,
  checkLinuxParameters,
  checkContainerSettings,
  checkVolumes,
  checkNetworkMode,
  checkProxyConfiguration,
  checkTaskSize,
  checkTaskSettings,
  checkRuntimePlatform,
  checkPlacementConstraints,
  checkRequiredCompatibilities,
  checkRoles,
  checkLength,
];

/**
 * Checks a request and brings it into the form in which ECS shows it ever after. Parsing what ECS
 * shows gives the same content again.
 * @throws EcsError mostly ClientException, in ECS's words
 */
export function parseTaskDefinition(input: RegisterTaskDefinitionRequest): ParsedTaskDefinition {
  const { family: givenFamily, tags: givenTags, inferenceAccelerators, ...request } = input;
  const family = parseFamily(givenFamily);
  checkContainerCount(request.containerDefinitions?.length ?? 0);
  if (inferenceAccelerators?.length) {
    throw clientError("Unsupported field 'inferenceAccelerators'.");
  }
  const content = fillInDefaults(request);
  for (const check of checks) check(content);
  return { family, content, tags: parseTags(givenTags) };
}
