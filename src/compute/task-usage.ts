/** What a task has used of late, on the mean; absent where nobody knows. */
export interface TaskUsage {
  readonly cpuUnits?: number;
  readonly memoryMiB?: number;
}

/** What tasks are said to use where nothing real runs, in percent of what is reserved for them. */
export interface ScriptedUsage {
  readonly cpu?: number;
  readonly memory?: number;
}
