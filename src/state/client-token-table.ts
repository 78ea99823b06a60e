import type { ClusterArn } from '../domain/arn.ts';
import type { ClientToken } from '../domain/task/client-token.ts';
import { Table, type Journal } from './table.ts';

export class ClientTokenTable extends Table<ClientToken> {
  constructor(journal: Journal) {
    super('client-token', ({ key }) => key, journal);
  }

  findToken(clusterArn: ClusterArn, token: string): ClientToken | undefined {
    return this.find(`${clusterArn} ${token}`);
  }
}
