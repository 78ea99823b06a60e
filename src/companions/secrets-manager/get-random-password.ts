import type {
  GetRandomPasswordRequest,
  GetRandomPasswordResponse,
} from '@aws-sdk/client-secrets-manager';
import { randomInt } from 'node:crypto';
import { randomPassword } from '../../domain/secret/random-password.ts';

export function getRandomPassword(input: GetRandomPasswordRequest): GetRandomPasswordResponse {
  return { RandomPassword: randomPassword(input, (below) => randomInt(below)) };
}
