const CLASSIC = /(?:\bmodule\.exports|\bexports\s*[.[=]|\btypeof\s+(?:exports|module)\b|\$exports\s*\()/

/** Whether a file is in the classic form (UMD and CommonJS bundles, `$exports`): its exports are known when it has run. */
export function isClassic({ kind, code }: { kind: string; code: string }): boolean {
  return kind === 'script' && CLASSIC.test(code)
}
