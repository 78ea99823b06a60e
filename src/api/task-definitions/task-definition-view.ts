import type {
  ContainerDefinition as WireContainerDefinition,
  TaskDefinition as WireTaskDefinition,
} from '@aws-sdk/client-ecs';
import { present } from '../../domain/present.ts';
import type { TaskDefinition } from '../../domain/task-definition/task-definition.ts';
import { Fragment, PlainFragment, type EncodableMembers } from '../../protocol/fragment.ts';

type TaskDefinitionView = EncodableMembers<WireTaskDefinition>;

/** The view for answers that many ask for again and again. */
export function taskDefinitionFragment(definition: TaskDefinition): Fragment<WireTaskDefinition> {
  const view = (): TaskDefinitionView => taskDefinitionView(definition);
  return new Fragment({ record: definition, variant: 'TaskDefinition', view });
}

/** The API's shape of a task definition (API reference, "TaskDefinition"); tags stand beside it. */
export function taskDefinitionView(definition: TaskDefinition): TaskDefinitionView {
  const { content, requiresAttributes, deregisteredAt } = definition;
  const { containerDefinitions, volumes, placementConstraints, requiresCompatibilities, ...given } =
    content;
  return {
    ...given,
    compatibilities: [...definition.compatibilities],
    containerDefinitions: containerDefinitions.map(
      (container) => new PlainFragment<WireContainerDefinition>(container),
    ),
    family: definition.family,
    placementConstraints: [...placementConstraints],
    registeredAt: new Date(definition.registeredAt),
    registeredBy: definition.registeredBy,
    revision: definition.revision,
    status: definition.status,
    taskDefinitionArn: definition.arn,
    volumes: [...volumes],
    ...present({
      deregisteredAt: deregisteredAt === undefined ? undefined : new Date(deregisteredAt),
      requiresAttributes:
        requiresAttributes.length > 0 ? requiresAttributes.map((name) => ({ name })) : undefined,
      requiresCompatibilities: requiresCompatibilities && [...requiresCompatibilities],
    }),
  };
}
