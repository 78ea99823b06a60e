import { parseArgs } from 'node:util';
import { signedHeaders, type Environment } from './signed-headers.ts';

const explainUsage = `Usage: longshore explain TASK|SERVICE|DEPLOYMENT [options]

Says how it is with a task, a service or a deployment, and why: what it waits for, since when, and
what holds it up; of a task also what its time went into, why it ended, and what it wrote last.

  TASK|SERVICE|DEPLOYMENT   an ARN; or a task's id, a service's name, a deployment's ecs-svc/... id
  --cluster NAME            the cluster of a short name, default "default"
  --endpoint URL            the server, default http://127.0.0.1:4510            AWS_ENDPOINT_URL
  --region NAME             the region of a short name, default us-east-1        AWS_REGION
  --json                    print JSON
  --help                    show this

It signs with AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, where they are set.
`;

const options = {
  cluster: { type: 'string' },
  endpoint: { type: 'string' },
  region: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

/** What a command has to say, and how it ends. */
export interface CommandResult {
  readonly exitCode: number;
  readonly output: string;
  readonly error: string;
}

/** Asks the server to explain, and prints what it says. */
export async function explainCommand(
  args: readonly string[],
  env: Environment,
): Promise<CommandResult> {
  const parsed = parse(args);
  if (typeof parsed === 'string') return failed(2, `${parsed}\n\n${explainUsage}`);
  const { values, subject } = parsed;
  if (values.help) return { exitCode: 0, output: explainUsage, error: '' };
  const endpoint =
    values.endpoint ??
    env['AWS_ENDPOINT_URL_ECS'] ??
    env['AWS_ENDPOINT_URL'] ??
    'http://127.0.0.1:4510';
  const url = URL.parse('/longshore/explain', endpoint);
  if (!url) return failed(2, `--endpoint takes a URL, but was ${endpoint}\n`);
  const region = values.region ?? env['AWS_REGION'] ?? env['AWS_DEFAULT_REGION'];
  url.search = queryOf(subject, { cluster: values.cluster, region }, env).toString();
  const accept = values.json ? 'application/json' : 'text/plain';
  const signed = await signedHeaders(url, region, env);
  try {
    const response = await fetch(url, { headers: { ...signed, accept } });
    const text = await response.text();
    return response.ok ? { exitCode: 0, output: text, error: '' } : failed(1, refusalOf(text));
  } catch (error) {
    return failed(1, `There is no server at ${endpoint}: ${reasonOf(error)}\n`);
  }
}

/** What is wrong with a signature is said in JSON, as to an SDK. */
function refusalOf(text: string): string {
  if (!text.startsWith('{')) return text;
  const { __type, message }: { __type?: string; message?: string } = JSON.parse(text);
  return `${__type}: ${message}\n`;
}

/** `fetch` hides what went wrong in the cause of its error. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}

function failed(exitCode: number, error: string): CommandResult {
  return { exitCode, output: '', error };
}

/** A text says what is wrong. */
function parse(args: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    const [subject = ''] = positionals;
    if (!values.help && positionals.length !== 1) return 'Name one task, service or deployment.';
    return { values, subject };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function queryOf(
  subject: string,
  given: { readonly cluster: string | undefined; readonly region: string | undefined },
  env: Environment,
): URLSearchParams {
  const query = new URLSearchParams({ [kindOf(subject)]: subject });
  const account = /^\d{12}$/.exec(env['AWS_ACCESS_KEY_ID'] ?? '')?.[0];
  for (const [name, value] of Object.entries({ ...given, account })) {
    if (value) query.set(name, value);
  }
  return query;
}

/** By the resource that an ARN names, else by its looks. */
function kindOf(subject: string): 'task' | 'service' | 'deployment' {
  const resource = /^arn:[^:]*:ecs:[^:]*:[^:]*:([^/]+)\//.exec(subject)?.[1];
  if (resource === 'task') return 'task';
  if (resource === 'service-deployment') return 'deployment';
  if (resource === undefined && subject.startsWith('ecs-svc/')) return 'deployment';
  const isTaskId = /^(?:[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.test(subject);
  return isTaskId ? 'task' : 'service';
}
