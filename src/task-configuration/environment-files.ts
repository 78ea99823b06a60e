import type { RetrievalFailure } from '../domain/secret/retrieval-failure.ts';
import {
  mergedFiles,
  parseEnvironmentFile,
  parseS3Arn,
  type S3Location,
} from '../domain/task/environment-file.ts';
import { Unretrieved } from './secret-values.ts';
import { CallRefused, type Asker, type ValueSource } from './value-source.ts';

/**
 * The variables of a container's environment files, by their ARNs.
 * @throws Unretrieved where one cannot be read
 */
export async function readFiles(
  source: ValueSource,
  asker: Asker,
  arns: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const texts = arns.map((arn) => readFile(source, asker, parseS3Arn(arn)));
  return mergedFiles((await Promise.all(texts)).map(parseEnvironmentFile));
}

async function readFile(source: ValueSource, asker: Asker, location: S3Location): Promise<string> {
  // [inferred wording]
  if (!location.key.endsWith('.env')) throw unread(location, "the file's name must end in .env");
  try {
    return await source.readFile(location, asker);
  } catch (error) {
    if (error instanceof CallRefused) throw unread(location, error.failure.text);
    throw error;
  }
}

function unread({ bucket, key }: S3Location, text: string): Unretrieved {
  const error = 'ResourceInitializationError: ';
  const failure: RetrievalFailure = {
    onFargate: `${error}failed to download env files: file download command: non-empty error stream: ${text}`,
    onInstance: `${error}unable to download env file with key ${key} from bucket ${bucket}, error: ${text}`,
  };
  return new Unretrieved(failure);
}
