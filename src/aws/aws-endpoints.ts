/** The services of AWS that may be called on behalf of tasks and deployments, named as in AWS_ENDPOINT_URL_*. */
export const awsServices = [
  'cloudwatch',
  'ecr',
  'eventbridge',
  'kms',
  'lambda',
  's3',
  'secretsmanager',
  'ssm',
  'sts',
] as const;

export type AwsService = (typeof awsServices)[number];

/** What a client of the SDK is made with. */
export interface AwsClientSettings {
  readonly endpoint: string;
  readonly region: string;
  readonly maxAttempts: number;
  readonly requestHandler: {
    readonly connectionTimeout: number;
    readonly requestTimeout: number;
  };
  /** Whose call it is; without any, those of the server's environment. */
  readonly credentials?: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
}

const connectionTimeoutMs = 3_000;
const requestTimeoutMs = 10_000;
/** Few: whoever calls repeats what matters by its own rules. */
const maxAttempts = 2;

/**
 * Where the services of AWS are that this server calls: AWS itself, or what stands in for it. Nothing is called that
 * the operator has not named. Calls are signed with the credentials that the SDK finds in the server's environment.
 */
export class AwsEndpoints {
  readonly #urls: ReadonlyMap<AwsService, string>;

  constructor(urls: ReadonlyMap<AwsService, string> = new Map()) {
    this.#urls = urls;
  }

  /** Whether the operator has named an endpoint of the service. */
  has(service: AwsService): boolean {
    return this.#urls.has(service);
  }

  /** Undefined where the operator has named no endpoint of the service. */
  settingsOf(service: AwsService, region: string): AwsClientSettings | undefined {
    const endpoint = this.#urls.get(service);
    if (endpoint === undefined) return undefined;
    const requestHandler = {
      connectionTimeout: connectionTimeoutMs,
      requestTimeout: requestTimeoutMs,
    };
    return { endpoint, region, maxAttempts, requestHandler };
  }
}
