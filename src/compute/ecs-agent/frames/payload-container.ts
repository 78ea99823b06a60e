import { flag, integer, listOf, mapOf, named, object, oneOf, optional, text } from './frame.ts';

const portMapping = object({
  containerPort: optional(integer),
  /** 0 and absent: the agent chooses. */
  hostPort: optional(integer),
  protocol: optional(oneOf('tcp', 'udp')),
  containerPortRange: optional(text),
});

/** Where the agent fetches a secret itself, with the credentials of the execution role. */
const secret = object({
  name: named,
  valueFrom: named,
  region: named,
  provider: oneOf('ssm', 'asm'),
  type: optional(oneOf('ENVIRONMENT_VARIABLE', 'MOUNT_POINT', 'BOOTSTRAP')),
  target: optional(oneOf('CONTAINER', 'LOG_DRIVER')),
  containerPath: optional(text),
});

const registryAuthentication = object({
  type: oneOf('ecr', 'asm'),
  ecrAuthData: optional(
    object({
      registryId: text,
      region: text,
      endpointOverride: optional(text),
      useExecutionRole: optional(flag),
    }),
  ),
  asmAuthData: optional(object({ credentialsParameter: text, region: text })),
});

/** A container of a task. */
export const payloadContainer = object({
  name: named,
  image: named,
  containerArn: optional(text),
  essential: flag,
  command: optional(listOf(text)),
  entryPoint: optional(listOf(text)),
  /** By name: a list of pairs makes the whole message undecodable. */
  environment: optional(mapOf(text)),
  /** CPU units. */
  cpu: optional(integer),
  /** MiB, the hard limit; the soft one is in `dockerConfig`. */
  memory: optional(integer),
  portMappings: optional(listOf(portMapping)),
  mountPoints: optional(
    listOf(
      object({
        sourceVolume: optional(text),
        containerPath: optional(text),
        readOnly: optional(flag),
      }),
    ),
  ),
  volumesFrom: optional(listOf(object({ sourceContainer: text, readOnly: optional(flag) }))),
  links: optional(listOf(text)),
  dependsOn: optional(
    listOf(
      object({
        containerName: named,
        condition: oneOf('START', 'COMPLETE', 'SUCCESS', 'HEALTHY'),
      }),
    ),
  ),
  startTimeout: optional(integer),
  stopTimeout: optional(integer),
  /** Needs a Healthcheck in `dockerConfig.config`. */
  healthCheckType: optional(oneOf('docker')),
  /** JSON in a string; any member but `command` fails the task. */
  overrides: optional(text),
  /** `config` and `hostConfig` are JSON in strings, in the Docker API's shape. */
  dockerConfig: optional(
    object({ config: optional(text), hostConfig: optional(text), version: optional(text) }),
  ),
  secrets: optional(listOf(secret)),
  /** Where gMSA is configured. */
  credentialSpecs: optional(listOf(text)),
  environmentFiles: optional(listOf(object({ value: named, type: oneOf('s3') }))),
  registryAuthentication: optional(registryAuthentication),
  logsAuthStrategy: optional(oneOf('ExecutionRole')),
  restartPolicy: optional(
    object({
      enabled: flag,
      ignoredExitCodes: optional(listOf(integer)),
      restartAttemptPeriod: optional(integer),
    }),
  ),
  firelensConfiguration: optional(
    object({ type: oneOf('fluentd', 'fluentbit'), options: optional(mapOf(text)) }),
  ),
  managedAgents: optional(listOf(object({ name: named, properties: optional(mapOf(text)) }))),
});
