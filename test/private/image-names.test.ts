import { findImageProblem } from '../../src/private/image-names';

const DIGEST = `sha256:${'0a'.repeat(32)}`;

test.each(['nginx:1.27', 'a/b/c:1', 'registry.example:5000/app:V1.0-RC_2', 'localhost/app:1', `nginx@${DIGEST}`, `nginx:latest@${DIGEST}`])('%s is pinned', image => {
  expect(findImageProblem(image)).toBeUndefined();
});

test.each(['nginx', 'registry.example:5000/app', 'nginx:latest', 'registry.example/nginx:latest'])('%s may be another image tomorrow', image => {
  expect(findImageProblem(image)).toBe(`must have a tag other than latest, or a digest, so that it means the same tomorrow, got '${image}'`);
});

test.each(['', ' nginx:1', 'Nginx:1', 'nginx:1 ', 'https://nginx:1@x', 'nginx:$TAG', 'nginx@sha256:0a', '-nginx:1', 'nginx:', 'a//b:1', 'http://x/y:1', 'a/:1', '/a:1', 'a.-b:1'])('%j is no name of an image', image => {
  expect(findImageProblem(image)).toBe(`must be the name of an image in lower case, without a scheme, got '${image}'`);
});
