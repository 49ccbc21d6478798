/** What is wrong with the name of an image, if anything: it must mean the same tomorrow, on every target. */
export function findImageProblem(image: string): string | undefined {
  if (!/^[a-z0-9][a-z0-9._:/-]*(:[\w][\w.-]*)?(@sha256:[0-9a-f]{64})?$/.test(image)) return `must be the name of an image in lower case, got '${image}'`;
  const tag = /:([\w][\w.-]{0,127})$/.exec(image.split('@')[0])?.[1];
  return image.includes('@') || (tag !== undefined && tag !== 'latest') ? undefined
    : `must have a tag other than latest, or a digest, so that it means the same tomorrow, got '${image}'`;
}
