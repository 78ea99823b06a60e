/** What a record says, by its type. */
export type RecordData =
  | { readonly type: 'A' | 'AAAA' | 'CNAME' | 'NS'; readonly data: string }
  | { readonly type: 'SRV'; readonly data: ServiceLocation }
  | { readonly type: 'SOA'; readonly data: StartOfAuthority };

/** A record of DNS; names are without a dot at their end. */
export type ResourceRecord = RecordData & {
  readonly name: string;
  readonly ttlSeconds: number;
};

export interface ServiceLocation {
  readonly priority: number;
  readonly weight: number;
  readonly port: number;
  readonly target: string;
}

export interface StartOfAuthority {
  readonly mname: string;
  readonly rname: string;
  readonly serial: number;
  readonly refresh: number;
  readonly retry: number;
  readonly expire: number;
  readonly minimum: number;
}
