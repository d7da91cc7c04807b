/** Versions `X.Y`. Pure; the agent decides, this is what the dialog says before. */

const partsOf = (version: string): [number, number] => {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return [major, minor]
}

/** Newest first. */
export function compareVersions(a: string, b: string): number {
  const [majorA, minorA] = partsOf(a)
  const [majorB, minorB] = partsOf(b)
  return majorB - majorA || minorB - minorA
}

/** The first one is 1.0; a minor step counts on from the newest, a major step begins the next line at 0. */
export function nextVersion(versions: readonly string[], bump: 'minor' | 'major'): string {
  const newest = [...versions].sort(compareVersions)[0]
  if (newest === undefined) return '1.0'
  const [major, minor] = partsOf(newest)
  return bump === 'major' ? `${major + 1}.0` : `${major}.${minor + 1}`
}
