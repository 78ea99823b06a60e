import { describe, expect, test } from 'vitest';
import type { ContainerDefinition } from '../task-definition/task-definition.ts';
import { aContainerDefinition } from '../../../test/fixtures/a-task-definition.ts';
import { planRouting, type RoutedTask } from './plan-routing.ts';
import { syntaxOf } from './router-syntaxes.ts';

type Given = Partial<RoutedTask> & {
  readonly type?: 'fluentbit' | 'fluentd';
  readonly options?: Record<string, string>;
  readonly routerGiven?: Partial<ContainerDefinition>;
};

const metadata = [
  ['ecs_cluster', 'default'],
  ['ecs_task_arn', 'arn:aws:ecs:us-east-1:012345678910:task/default/0123'],
  ['ecs_task_definition', 'web:7'],
] as const;

function anApp(
  options: Record<string, string>,
  given: Partial<ContainerDefinition> = {},
): ContainerDefinition {
  const logConfiguration = { logDriver: 'awsfirelens' as const, options };
  return aContainerDefinition({ logConfiguration, ...given });
}

/** The configuration that a task's log router is given, or why there is none. */
function configuration(
  apps: readonly ContainerDefinition[],
  { type = 'fluentbit', options, routerGiven, ...given }: Given = {},
): string {
  const firelensConfiguration = { type, ...(options && { options }) };
  const router = aContainerDefinition({ name: 'router', firelensConfiguration, ...routerGiven });
  const containers = [...apps, router];
  const syntax = syntaxOf(router);
  const routing = planRouting(
    { router, containers, networkMode: 'awsvpc', metadata, ...given },
    syntax,
  );
  return typeof routing === 'string' ? routing : syntax.text(routing);
}

const firehose = {
  region: 'us-west-2',
  delivery_stream: 'lines',
  'include-pattern': '^E',
  'exclude-pattern': 'debug',
  'log-driver-buffer-limit': '2097152',
};

test('Fluent Bit takes lines of the socket and of port 24224, and sends them where the options say', () => {
  expect(configuration([anApp({ Name: 'firehose', ...firehose })])).toBe(`[INPUT]
    Name forward
    Mem_Buf_Limit 25MB
    unix_path /var/run/fluent.sock

[INPUT]
    Name forward
    Listen 127.0.0.1
    Port 24224

[INPUT]
    Name tcp
    Tag firelens-healthcheck
    Listen 127.0.0.1
    Port 8877

[FILTER]
    Name grep
    Match app-firelens*
    Regex log ^E

[FILTER]
    Name grep
    Match app-firelens*
    Exclude log debug

[FILTER]
    Name record_modifier
    Match *
    Record ecs_cluster default
    Record ecs_task_arn arn:aws:ecs:us-east-1:012345678910:task/default/0123
    Record ecs_task_definition web:7

[OUTPUT]
    Name null
    Match firelens-healthcheck

[OUTPUT]
    Name firehose
    Match app-firelens*
    delivery_stream lines
    region us-west-2
`);
});

test('Fluentd is told the same in its own words', () => {
  const app = anApp({ '@type': 'kinesis_firehose', ...firehose });
  expect(configuration([app], { type: 'fluentd' })).toBe(`<source>
    @type unix
    path /var/run/fluent.sock
</source>

<source>
    @type forward
    bind 127.0.0.1
    port 24224
</source>

<filter app-firelens**>
    @type grep
    <regexp>
        key log
        pattern ^E
    </regexp>
</filter>

<filter app-firelens**>
    @type grep
    <exclude>
        key log
        pattern debug
    </exclude>
</filter>

<filter **>
    @type record_transformer
    <record>
        ecs_cluster default
        ecs_task_arn arn:aws:ecs:us-east-1:012345678910:task/default/0123
        ecs_task_definition web:7
    </record>
</filter>

<match app-firelens**>
    @type kinesis_firehose
    delivery_stream lines
    region us-west-2
</match>
`);
});

describe.each(['fluentbit', 'fluentd'] as const)('A log router of type %s', (type) => {
  const own = { type, networkMode: 'host' } as const;

  test('adds nothing to records where it is told not to', () => {
    const told = (value: string) =>
      configuration([], { ...own, options: { 'enable-ecs-log-metadata': value } });
    expect(told('true')).toContain('ecs_cluster default');
    for (const value of ['false', 'False', '0', 'yes']) expect(told(value)).not.toContain('ecs_');
  });

  test('reads a file of its image', () => {
    const options = { 'config-file-type': 'file', 'config-file-value': '/own.conf' };
    expect(configuration([], { ...own, options })).toMatch(/^@include \/own\.conf$/im);
  });

  test('reads a file of S3 where it is laid', () => {
    const file = { 'config-file-type': 's3', 'config-file-value': 'arn:aws:s3:::bucket/own.conf' };
    const path = {
      fluentbit: '/fluent-bit/etc/external.conf',
      fluentd: '/fluentd/etc/external.conf',
    };
    const line = new RegExp(`^@include ${path[type]}$`, 'im');
    expect(configuration([], { ...own, options: file })).toMatch(line);
  });

  test('is refused a kind of file without its place', () => {
    expect(configuration([], { ...own, options: { 'config-file-type': 'file' } })).toBe(
      'error parsing firelens options: ' +
        'option config-file-type is specified but config-file-value is not specified',
    );
  });

  test('sends the lines of a container without options where its own file says', () => {
    expect(configuration([anApp({})], own)).not.toContain('app-firelens');
  });

  test('takes no lines of containers with other drivers', () => {
    const app = aContainerDefinition({ logConfiguration: { logDriver: 'awslogs' } });
    expect(configuration([app], own)).not.toContain('app-firelens');
  });

  test.each([
    ['bridge', '0.0.0.0'],
    [undefined, '0.0.0.0'],
    ['awsvpc', '127.0.0.1'],
  ] as const)('listens in network mode %s to %s', (networkMode, address) => {
    expect(configuration([], { type, networkMode })).toContain(` ${address}\n`);
  });

  test.each(['host', 'none'] as const)('listens in network mode %s to its socket alone', (mode) => {
    const text = configuration([], { type, networkMode: mode });
    expect(text).not.toContain('24224');
    expect(text).not.toContain('healthcheck');
  });
});

test.each([
  ['fluentbit', 'Name'],
  ['fluentd', '@type'],
] as const)(
  'options for %s without an output are refused in the words of the agent',
  (type, key) => {
    expect(configuration([anApp({ region: 'us-east-1' })], { type })).toBe(
      'unable to generate firelens config file: unable to generate firelens config: ' +
        'unable to apply log options of container app to firelens config: ' +
        `missing output key ${key} which is required for firelens configuration of type ${type}`,
    );
  },
);

test.each([
  [{ memory: 100 }, '50MB'],
  [{ memory: 100, memoryReservation: 50 }, '25MB'],
  [{ memory: 1 }, '25MB'],
  [{ memory: 257 }, '128MB'],
  [{}, '25MB'],
])('a Fluent Bit with %o buffers %s in memory', (routerGiven, limit) => {
  expect(configuration([], { routerGiven })).toContain(`Mem_Buf_Limit ${limit}\n`);
});

test.each([
  ['fluentbit', 'Name', 'apikey ${apikey_1}'],
  ['fluentd', '@type', `apikey "#{ENV['apikey_1']}"`],
] as const)('a secret option of %s refers to a variable', (type, key, line) => {
  const logConfiguration = {
    logDriver: 'awsfirelens' as const,
    options: { [key]: 'datadog' },
    secretOptions: [{ name: 'apikey', valueFrom: '/key' }],
  };
  const apps = [
    aContainerDefinition({ name: 'first' }),
    aContainerDefinition({ logConfiguration }),
  ];
  expect(configuration(apps, { type })).toContain(`    ${line}\n`);
});
