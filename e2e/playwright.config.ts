import { defineConfig } from '@playwright/test'
import { CHROMIUM_ARGS, findChromium } from './fixtures/chromium.ts'

// Real agents, the real desktop app and the system's Chromium; one worker, because the journeys measure nothing
// and two agents with their services already fill two cores. The whole run takes some ten minutes on two
// cores; three times that on a loaded machine is no failure yet.
export default defineConfig({
  testDir: './journeys',
  testMatch: '**/*.spec.ts',
  outputDir: './artifacts/failures',
  workers: 1,
  fullyParallel: false,
  timeout: 120_000,
  expect: { timeout: 10_000 },
  globalTimeout: 35 * 60_000,
  reporter: [
    ['list', { printSteps: process.env['M3M_STEPS'] === '1' }],
    ['json', { outputFile: './artifacts/results.json' }],
  ],
  use: {
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    actionTimeout: 10_000,
    navigationTimeout: 15_000,
    viewport: { width: 1440, height: 900 },
    launchOptions: { executablePath: findChromium(), args: CHROMIUM_ARGS },
  },
})
