/** A refusal of Systems Manager's that the caller can act on. */
export class SsmError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = code;
    this.code = code;
  }
}
