import { expect, test } from 'vitest'
import { navigationRule, windowOpenRule } from './navigation-rule.ts'

test('a page stays in the app; https goes to the browser; all else is refused', () => {
  expect(navigationRule('app://m3m/projects')).toBe('stay')
  expect(navigationRule('https://example.com/docs')).toBe('browser')
  const refused = [
    'http://example.com',
    'app://other/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'data:text/html,x',
    'm3m://connect?url=https://a',
    'smb://server/share',
    'https://user:password@example.com',
    'not a url',
  ]
  for (const url of refused) expect([url, navigationRule(url)]).toEqual([url, 'refuse'])
})

test('no link opens another window of the app', () => {
  expect(windowOpenRule('app://m3m/')).toBe('refuse')
  expect(windowOpenRule('https://example.com')).toBe('browser')
  expect(windowOpenRule('http://127.0.0.1:3001/r/hello/')).toBe('browser')
  expect(windowOpenRule('http://192.168.1.5:3001/r/hello/')).toBe('refuse')
  expect(windowOpenRule('http://user:password@127.0.0.1/')).toBe('refuse')
  expect(windowOpenRule('file:///etc/passwd')).toBe('refuse')
})
