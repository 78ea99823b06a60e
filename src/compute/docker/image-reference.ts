/**
 * How the Engine is asked to pull an image: without a tag it would pull them all, so the default is
 * spelt out; a digest goes where the tag goes.
 */
export function pullQuery(image: string): { readonly fromImage: string; readonly tag: string } {
  const [name = '', digest] = image.split('@', 2);
  if (digest !== undefined) return { fromImage: withoutTag(name), tag: digest };
  const tag = name.slice(withoutTag(name).length + 1);
  return { fromImage: withoutTag(name), tag: tag || 'latest' };
}

/** A colon before the last slash belongs to the registry's port. */
function withoutTag(name: string): string {
  const colon = name.indexOf(':', name.lastIndexOf('/') + 1);
  return colon < 0 ? name : name.slice(0, colon);
}

/** The reference of the image that a digest names in the repository of another one. */
export function pinned(image: string, digest: string | undefined): string {
  if (digest === undefined) return image;
  return `${withoutTag(image.split('@', 1)[0] ?? '')}@${digest}`;
}

/**
 * The digest by which a registry knows the image; preferably that of the repository it was asked
 * from.
 */
export function imageDigest(image: string, repoDigests: readonly string[]): string | undefined {
  const repository = withoutTag(image.split('@', 1)[0] ?? '');
  const own = repoDigests.find((digest) => digest.startsWith(`${repository}@`));
  return (own ?? repoDigests[0])?.split('@', 2)[1];
}
