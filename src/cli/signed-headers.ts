import { SignatureV4 } from '@smithy/signature-v4';
import { Sha256 } from './sha-256.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The headers that sign a GET with the credentials of the environment; none where it has none. */
export async function signedHeaders(
  url: URL,
  region: string | undefined,
  {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
  }: Environment,
): Promise<Readonly<Record<string, string>>> {
  if (!accessKeyId || !secretAccessKey) return {};
  const signer = new SignatureV4({
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) },
    region: region || 'us-east-1',
    service: 'ecs',
    sha256: Sha256,
  });
  const { host, hostname, protocol, pathname: path, searchParams } = url;
  const query = Object.fromEntries(searchParams);
  const request = { method: 'GET', protocol, hostname, path, query, headers: { host } };
  return (await signer.sign(request)).headers;
}
