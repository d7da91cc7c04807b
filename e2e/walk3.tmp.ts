import { chromium } from '@playwright/test'
import { CHROMIUM_ARGS, findChromium } from './fixtures/chromium.ts'
const base = 'http://127.0.0.1:3000',
  out = '/tmp/lead/w'
const browser = await chromium.launch({ executablePath: findChromium(), args: CHROMIUM_ARGS })
for (const [theme, w] of [
  ['light', 1440],
  ['dark', 390],
] as const) {
  const ctx = await browser.newContext({
    viewport: { width: w, height: w === 390 ? 844 : 900 },
    colorScheme: theme,
    storageState: '/tmp/lead/w/state.json',
  })
  const page = await ctx.newPage()
  page.on('pageerror', (e) => console.log('PAGEERROR', e.message))
  const shot = async (name: string) => {
    await page.waitForTimeout(900)
    await page.screenshot({ path: `${out}/p-${name}-${theme}-${w}.png` })
  }
  await page.goto(base + '/projects/short-links/pipeline')
  await page.waitForTimeout(3500)
  await shot('pipe')
  await page
    .getByRole('tab', { name: 'Requests' })
    .click()
    .catch((e) => console.log(String(e).slice(0, 300)))
  await shot('requests')
  await page.goto(base + '/projects/short-links')
  await page.waitForTimeout(1500)
  await shot('overview')
  await page.goto(base + '/agent-settings')
  await page.waitForTimeout(1500)
  await shot('agent-settings')
  await ctx.storageState({ path: '/tmp/lead/w/state.json' })
  await ctx.close()
}
await browser.close()
