/** What stands in for a file system of AWS: an export of an NFS server, or a folder of this machine. */
export type FileSystem =
  | { readonly kind: 'Nfs'; readonly host: string; readonly path: string }
  | { readonly kind: 'Folder'; readonly path: string };

/** By the id that task definitions name, such as `fs-12345678`. */
export type FileSystems = ReadonlyMap<string, FileSystem>;
