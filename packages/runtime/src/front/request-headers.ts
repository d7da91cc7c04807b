/** Headers of a request as the service may see them: without the panel's cookies (cookies know no ports). */
export function headersForService(raw: string[], panelCookies: ReadonlySet<string>): string[] {
  if (panelCookies.size === 0) return raw
  for (let i = 0; i < raw.length; i += 2)
    if (raw[i]!.length === 6 && raw[i]!.toLowerCase() === 'cookie') return withoutCookies(raw, panelCookies)
  return raw
}

function withoutCookies(raw: readonly string[], names: ReadonlySet<string>): string[] {
  const kept: string[] = []
  for (let i = 0; i < raw.length; i += 2) {
    if (raw[i]!.toLowerCase() !== 'cookie') {
      kept.push(raw[i]!, raw[i + 1]!)
      continue
    }
    const pairs = raw[i + 1]!.split(';').filter((pair) => !names.has(pair.split('=', 1)[0]!.trim()))
    if (pairs.length > 0) kept.push(raw[i]!, pairs.join(';').trim())
  }
  return kept
}
