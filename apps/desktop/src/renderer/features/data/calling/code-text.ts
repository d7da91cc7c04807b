/** An object as code: keys without quotes where they need none. Pure. */
export function literalOf(data: unknown, indent = ''): string {
  return JSON.stringify(data, null, 2)
    .replaceAll(/^(\s*)"([A-Za-z_$][\w$]*)":/gm, '$1$2:')
    .replaceAll('\n', `\n${indent}`)
}
