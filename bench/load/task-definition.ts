import type { RegisterTaskDefinitionCommandInput } from '@aws-sdk/client-ecs';

/** The family `web` on Fargate with two containers. */
export const webAndSidecar: RegisterTaskDefinitionCommandInput = {
  family: 'web',
  requiresCompatibilities: ['FARGATE'],
  networkMode: 'awsvpc',
  cpu: '256',
  memory: '512',
  containerDefinitions: ['web', 'sidecar'].map((name) => ({ name, image: `example/${name}` })),
};

/** A task definition as services have them: three containers, 6 KB of JSON. Each build has an image of its own. */
export function taskDefinition(family: string, build = 0): RegisterTaskDefinitionCommandInput {
  return {
    family,
    networkMode: 'bridge',
    requiresCompatibilities: ['EC2'],
    cpu: '512',
    memory: '1024',
    taskRoleArn: 'arn:aws:iam::123456789012:role/checkout-task',
    executionRoleArn: 'arn:aws:iam::123456789012:role/ecsTaskExecutionRole',
    containerDefinitions: ['web', 'sidecar', 'router'].map((name, index) =>
      container(name, index, build),
    ),
    volumes: [{ name: 'data', host: { sourcePath: '/srv/data' } }],
    placementConstraints: [{ type: 'memberOf', expression: 'attribute:ecs.instance-type =~ t3.*' }],
    tags: [
      { key: 'env', value: 'production' },
      { key: 'owner', value: 'payments' },
    ],
  };
}

function container(name: string, index: number, build: number) {
  return {
    name,
    image: `example/${name}:1.42.${index === 0 ? build : 0}`,
    cpu: 128,
    memory: 256,
    memoryReservation: 128,
    essential: name === 'web',
    portMappings: [{ containerPort: 8080 + index, hostPort: 0, protocol: 'tcp' as const }],
    environment: Array.from({ length: 14 }, (_, setting) => ({
      name: `APP_SETTING_${setting}`,
      value: `the value of the setting with the number ${setting}`,
    })),
    secrets: [
      {
        name: 'DB_PASSWORD',
        valueFrom: 'arn:aws:ssm:us-east-1:123456789012:parameter/production/db/password',
      },
    ],
    mountPoints: [{ sourceVolume: 'data', containerPath: '/var/data', readOnly: false }],
    entryPoint: ['/bin/sh', '-c'],
    command: ['exec', 'node', 'server.js', '--port', String(8080 + index)],
    logConfiguration: {
      logDriver: 'awslogs' as const,
      options: {
        'awslogs-group': `/ecs/${name}`,
        'awslogs-region': 'us-east-1',
        'awslogs-stream-prefix': 'ecs',
      },
    },
    healthCheck: {
      command: ['CMD-SHELL', 'curl -f http://localhost:8080/health || exit 1'],
      interval: 30,
      timeout: 5,
      retries: 3,
      startPeriod: 10,
    },
    ulimits: [{ name: 'nofile' as const, softLimit: 65_536, hardLimit: 65_536 }],
    dockerLabels: { team: 'payments', tier: 'frontend' },
    ...(index > 0 && { dependsOn: [{ containerName: 'web', condition: 'START' as const }] }),
  };
}
