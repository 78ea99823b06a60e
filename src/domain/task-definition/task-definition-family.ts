/** A family outlives its revisions: a revision's number is never given twice. */
export interface TaskDefinitionFamily {
  /** The account and region, as `scopeKey` gives them. */
  readonly scope: string;
  readonly name: string;
  readonly latestRevision: number;
}
