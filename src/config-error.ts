/** The command line or the environment says something that cannot be; the message tells what to do. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}
