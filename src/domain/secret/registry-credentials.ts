/** What a private registry asks for. */
export interface RegistryCredentials {
  readonly username: string;
  readonly password: string;
}

/**
 * Reads the credentials of a registry from a secret (Developer Guide, "Using non-AWS container images").
 * @returns where it has none, why: in the ECS agent's words, which have nothing of the secret
 */
export function parseRegistryCredentials(secret: string): RegistryCredentials | string {
  const members = membersOf(secret);
  if (!members) return invalidSchema;
  const { username = '', password = '' } = members;
  if (typeof username !== 'string' || typeof password !== 'string') return invalidSchema;
  if (username === '') return emptyField('username');
  if (password === '') return emptyField('password');
  return { username, password };
}

interface Members {
  readonly username?: unknown;
  readonly password?: unknown;
}

/** The parser's own error would show a piece of the secret, so it goes no further. */
function membersOf(secret: string): Members | undefined {
  try {
    const value: unknown = JSON.parse(secret);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

const invalidSchema =
  'asm fetching authorization data: unable to unmarshal secret value, invalid schema';

function emptyField(name: string): string {
  return `asm fetching ${name}: AuthorizationData is malformed, empty field`;
}
