// Prints, last, one plain line with the sums of all runners; exits 1 when a test or a step failed.
import { readFileSync } from 'node:fs'

const [failedSteps = '0', ...files] = process.argv.slice(2)
let passed = 0
let failed = 0

for (const file of files) {
  const counts = read(file)
  if (!counts) {
    console.log(`no results in ${file}`)
    failed++
    continue
  }
  passed += counts.passed
  failed += counts.failed
}

console.log(`steps failed: ${failedSteps}`)
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed > 0 || failedSteps !== '0' ? 1 : 0

/** Vitest's and Playwright's JSON reports differ; both are told apart by what only they have. */
function read(file: string): { passed: number; failed: number } | null {
  let report: Record<string, unknown>
  try {
    report = JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return null
  }
  if ('numPassedTests' in report) {
    const broken = Number(report['numFailedTestSuites']) > 0 && Number(report['numFailedTests']) === 0 ? 1 : 0
    return { passed: Number(report['numPassedTests']), failed: Number(report['numFailedTests']) + broken }
  }
  const stats = report['stats'] as { expected: number; unexpected: number; flaky: number } | undefined
  return stats ? { passed: stats.expected + stats.flaky, failed: stats.unexpected } : null
}
