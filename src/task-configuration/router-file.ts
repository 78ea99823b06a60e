import { routerFileArn } from '../domain/firelens/plan-routing.ts';
import type { RetrievalFailure } from '../domain/secret/retrieval-failure.ts';
import type { ContainerDefinition } from '../domain/task-definition/task-definition.ts';
import { parseS3Arn, type S3Location } from '../domain/task/environment-file.ts';
import { Unretrieved } from './secret-values.ts';
import { CallRefused, type Asker, type ValueSource } from './value-source.ts';

/**
 * The text of the file that a container, a log router, is configured with; undefined where none of it is in S3.
 * @throws Unretrieved where it cannot be read
 */
export async function readRouterFile(
  source: ValueSource,
  asker: Asker,
  container: ContainerDefinition,
): Promise<string | undefined> {
  const arn = routerFileArn(container);
  if (arn === undefined) return undefined;
  const location = parseS3Arn(arn);
  try {
    return await source.readFile(location, asker);
  } catch (error) {
    if (error instanceof CallRefused) throw unread(location, error.failure.text);
    throw error;
  }
}

/** The ECS agent's words; Fargate has no such files. */
function unread({ bucket, key }: S3Location, text: string): Unretrieved {
  const reason =
    'ResourceInitializationError: unable to download firelens s3 config file: ' +
    `unable to download s3 config ${key} from bucket ${bucket}: ${text}`;
  const failure: RetrievalFailure = { onFargate: reason, onInstance: reason };
  return new Unretrieved(failure);
}
