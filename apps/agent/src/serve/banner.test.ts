import { spawnSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { banner, type BannerFacts } from './banner.ts'

const FACTS: BannerFacts = {
  panelUrl: 'http://127.0.0.1:3000',
  servicesUrl: null,
  dataFolder: '/srv/data',
  datastore: 'embedded',
  fingerprint: null,
  home: null,
  setUpUrl: 'http://127.0.0.1:3000/setup#token',
  readyMs: 1000,
}

/** The folder that a shell hands on when the banner's line for the first operator is pasted into it. */
function homeOfPastedLine(home: string): string {
  const line = banner({ ...FACTS, home })
    .split('\n')
    .find((row) => row.includes('npx m3m-agent new-admin'))!
  const pasted = line.replace(/npx m3m-agent .*$/, `sh -c 'printf %s "$M3M_HOME"'`)
  return spawnSync('sh', ['-c', pasted], { encoding: 'utf8' }).stdout
}

it.each(['/srv/m3m', '/srv/my services', "/srv/ann's; $(echo no) `echo no` & \\"])(
  'names the folder %s so that the line works when pasted into a shell',
  (home) => expect(homeOfPastedLine(home)).toBe(home),
)

it('names no folder when it is the current one', () => {
  expect(banner(FACTS)).not.toContain('M3M_HOME')
})
