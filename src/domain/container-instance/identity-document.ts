/** What EC2's instance identity document tells, as far as ECS uses it. */
export interface IdentityDocument {
  readonly instanceId?: string;
  readonly instanceType?: string;
  readonly availabilityZone?: string;
  readonly imageId?: string;
  /** `x86_64` or `arm64`. */
  readonly architecture?: string;
  readonly privateIp?: string;
}

/** An instance outside EC2 sends an empty text; what cannot be read tells nothing. */
export function readIdentityDocument(text: string | undefined): IdentityDocument {
  const document = parse(text);
  return {
    ...textMember(document, 'instanceId'),
    ...textMember(document, 'instanceType'),
    ...textMember(document, 'availabilityZone'),
    ...textMember(document, 'imageId'),
    ...textMember(document, 'architecture'),
    ...textMember(document, 'privateIp'),
  };
}

function parse(text: string | undefined): object {
  if (!text) return {};
  try {
    const document: unknown = JSON.parse(text);
    return typeof document === 'object' && document !== null ? document : {};
  } catch {
    return {};
  }
}

function textMember<Name extends keyof IdentityDocument>(
  document: object,
  name: Name,
): { [Key in Name]?: string } {
  const value: unknown = Object.entries(document).find(([key]) => key === name)?.[1];
  const found: { [Key in Name]?: string } = {};
  if (typeof value === 'string' && value !== '') found[name] = value;
  return found;
}
