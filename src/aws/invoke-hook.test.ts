import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { standInFor } from '../../test/fixtures/aws-stand-in.ts';
import { AwsEndpoints } from './aws-endpoints.ts';
import { invokeHookAt } from './invoke-hook.ts';

const functionArn = 'arn:aws:lambda:us-east-1:123456789012:function:check';
const asked: object[] = [];

/** Lambda with one function, which echoes its event; functions of other names are not there. */
const endpoints = standInFor('lambda', (request, response) => {
  void text(request).then((body) => {
    const { method, url = '' } = request;
    asked.push({ method, url: decodeURIComponent(url), body: JSON.parse(body) });
    if (!decodeURIComponent(url).includes(functionArn)) {
      response.writeHead(404, { 'x-amzn-errortype': 'ResourceNotFoundException' });
      return response.end('{"Message":"Function not found: other"}');
    }
    return response.end(body);
  });
});

const payload = { hookStatus: 'SUCCEEDED' };

test('a function is called at the endpoint that was named, and its answer is given as it is', async () => {
  const answer = await invokeHookAt(endpoints())?.({ region: 'us-east-1', functionArn, payload });
  expect(answer).toEqual({ kind: 'Answered', payload: JSON.stringify(payload) });
  expect(asked).toEqual([
    { method: 'POST', url: `/2015-03-31/functions/${functionArn}/invocations`, body: payload },
  ]);
});

test('a function that is not there, or nobody at the endpoint, is told as what it is', async () => {
  const call = { region: 'us-east-1', functionArn: 'other', payload };
  expect(await invokeHookAt(endpoints())?.(call)).toEqual({
    kind: 'Unreachable',
    error: 'Function not found: other',
  });
  const nobody = new AwsEndpoints(new Map([['lambda', 'http://127.0.0.1:1']]));
  expect(await invokeHookAt(nobody)?.(call)).toMatchObject({
    kind: 'Unreachable',
    error: expect.stringContaining('ECONNREFUSED'),
  });
});

test('without an endpoint there is nobody to call', () => {
  expect(invokeHookAt(new AwsEndpoints())).toBeUndefined();
});
