import type { Transaction } from '../state/state.ts';
import { sealedValueKey, type SealedValue } from '../state/sealed-value-table.ts';
import type { Vault } from '../support/vault.ts';

export interface NewValue {
  readonly owner: string;
  readonly version: string;
  /** Bytes come in base64. */
  readonly value: string;
  readonly isBinary: boolean;
}

/** Keeps a value, encrypted. */
export function putValue(tx: Transaction, vault: Vault, given: NewValue): void {
  const { owner, version, value, isBinary } = given;
  const sealed = vault.seal(value, sealedValueKey(given));
  tx.sealedValues.put({ owner, version, sealed, ...(isBinary && { isBinary }) });
}

export function openValue(vault: Vault, value: SealedValue): string {
  return vault.open(value.sealed, sealedValueKey(value));
}
