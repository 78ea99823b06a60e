/** Where an environment file is. */
export interface S3Location {
  readonly bucket: string;
  readonly key: string;
}

/** Reads `arn:PARTITION:s3:::BUCKET/KEY`; registration has made sure that it is one. */
export function parseS3Arn(arn: string): S3Location {
  const path = arn.split(':').slice(5).join(':');
  const slash = path.indexOf('/');
  return { bucket: path.slice(0, slash), key: path.slice(slash + 1) };
}

/**
 * The variables of an environment file, as the ECS agent reads them: nothing is trimmed, unquoted or put in. The
 * last of a name counts.
 */
export function parseEnvironmentFile(text: string): ReadonlyMap<string, string> {
  const variables = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const equals = line.indexOf('=');
    if (equals > 0 && !line.startsWith('#')) {
      variables.set(line.slice(0, equals), line.slice(equals + 1));
    }
  }
  return variables;
}

/** The variables of several files: the first that has one counts. */
export function mergedFiles(
  files: readonly ReadonlyMap<string, string>[],
): ReadonlyMap<string, string> {
  return new Map(files.toReversed().flatMap((variables) => [...variables]));
}
