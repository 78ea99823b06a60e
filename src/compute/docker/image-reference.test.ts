import { expect, test } from 'vitest';
import { imageDigest, pullQuery } from './image-reference.ts';

const digest = `sha256:${'0'.repeat(64)}`;

test.each([
  { image: 'nginx', fromImage: 'nginx', tag: 'latest' },
  { image: 'nginx:1.27', fromImage: 'nginx', tag: '1.27' },
  { image: 'registry:5000/team/app', fromImage: 'registry:5000/team/app', tag: 'latest' },
  { image: 'registry:5000/app:v1', fromImage: 'registry:5000/app', tag: 'v1' },
  { image: `nginx@${digest}`, fromImage: 'nginx', tag: digest },
  { image: `nginx:1.27@${digest}`, fromImage: 'nginx', tag: digest },
])('$image is pulled as $tag of $fromImage', ({ image, ...query }) => {
  expect(pullQuery(image)).toEqual(query);
});

test('an image has the digest of the repository it was named by, if any', () => {
  expect(imageDigest('nginx:1', ['mirror/nginx@sha256:a', 'nginx@sha256:b'])).toBe('sha256:b');
  expect(imageDigest('nginx:1', ['mirror/nginx@sha256:a'])).toBe('sha256:a');
  expect(imageDigest('built-here', [])).toBeUndefined();
});
