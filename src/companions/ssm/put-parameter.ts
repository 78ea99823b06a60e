import type { PutParameterRequest, PutParameterResult } from '@aws-sdk/client-ssm';
import {
  latestOf,
  newParameter,
  overwritten,
  parseParameterSpec,
} from '../../domain/parameter/parameter.ts';
import { parseParameterName, parameterArn } from '../../domain/parameter/parameter-name.ts';
import {
  parameterExists,
  ssmValidation,
  tooManyParameters,
} from '../../domain/parameter/ssm-error.ts';
import { putValue } from '../stored-values.ts';
import type { SsmContext } from './ssm-context.ts';
import { parseSsmTags } from './ssm-tags.ts';

/** Systems Manager's own limit, for an account in a region. */
const mostParameters = 10_000;

export function putParameter(input: PutParameterRequest, ctx: SsmContext): PutParameterResult {
  const name = parseParameterName(input.Name);
  const spec = parseParameterSpec(input);
  const tags = parseSsmTags(input.Tags);
  if (tags.length > 0 && input.Overwrite) throw tagsWithOverwrite();
  const arn = parameterArn(ctx.scope, name);
  const change = { modifiedAt: ctx.now, modifiedBy: ctx.callerArn };

  const parameter = ctx.state.transact((tx) => {
    const known = tx.parameters.find(arn);
    if (known && !input.Overwrite) throw parameterExists();
    if (!known && tx.parameters.count(ctx.scope) >= mostParameters) throw tooManyParameters();
    const put = known
      ? overwritten(known, spec, change)
      : newParameter({ arn, name, spec, tags, first: change });
    const version = String(latestOf(put).version);
    tx.parameters.put(put);
    putValue(tx, ctx.vault, { owner: arn, version, value: spec.value, isBinary: false });
    tx.sealedValues.keepOnly(arn, new Set(put.versions.map((one) => String(one.version))));
    return put;
  });

  return { Version: latestOf(parameter).version, Tier: parameter.tier };
}

function tagsWithOverwrite(): Error {
  return ssmValidation(
    "Invalid request: tags and overwrite can't be used together. To create a parameter with tags, please remove " +
      'overwrite flag. To update tags for an existing parameter, please use AddTagsToResource or RemoveTagsFromResource.',
  );
}
