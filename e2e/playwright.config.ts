import { defineConfig } from '@playwright/test'
import { CHROMIUM_ARGS, findChromium } from './fixtures/chromium.ts'

// Real agents, the real desktop app and the system's Chromium; one worker: a page of Chromium, an agent and its services
// fill two cores, and with two workers each journey took twice as long. The whole run takes some twelve minutes; three times
// that on a loaded machine is no failure yet.
export default defineConfig({
  testDir: './journeys',
  testMatch: '**/*.spec.ts',
  outputDir: './artifacts/failures',
  globalSetup: './fixtures/prepare-run.ts',
  workers: 1,
  fullyParallel: false,
  timeout: 240_000,
  expect: { timeout: 10_000 },
  globalTimeout: 35 * 60_000,
  reporter: [
    ['list', { printSteps: process.env['M3M_STEPS'] === '1' }],
    ['json', { outputFile: './artifacts/results.json' }],
  ],
  use: {
    // Recording costs a quarter of the time; where nobody looks at it, the last picture and the page's outline have to do.
    trace: process.env['CI'] ? 'off' : 'retain-on-failure',
    screenshot: 'only-on-failure',
    actionTimeout: 10_000,
    navigationTimeout: 15_000,
    viewport: { width: 1440, height: 900 },
    launchOptions: { executablePath: findChromium(), args: CHROMIUM_ARGS },
  },
})
