import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { PROJECT_COLORS } from '@m3m/core/client'
import { COLORS } from '../src/renderer/ui/colors.ts'

const css = readFileSync(new URL('../src/renderer/styles.css', import.meta.url), 'utf8')

function tokensOf(selector: string): Map<string, string> {
  const start = css.indexOf(`${selector} {`)
  const block = css.slice(start, css.indexOf('}', start))
  return new Map([...block.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map((match) => [match[1]!, match[2]!]))
}

/** WCAG 2.2, relative luminance and contrast ratio. */
function luminance(hex: string): number {
  const channel = (at: number) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  }
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
}

function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x)
  return (light! + 0.05) / (dark! + 0.05)
}

/** Badges and tiles draw their text on their own colour thinned to at most this much (badge.tsx, project-tile.tsx). */
function thinned(color: string, ground: string, share: number): string {
  const part = (at: number) => {
    const mixed =
      Number.parseInt(color.slice(at, at + 2), 16) * share +
      Number.parseInt(ground.slice(at, at + 2), 16) * (1 - share)
    return Math.round(mixed).toString(16).padStart(2, '0')
  }
  return `#${part(1)}${part(3)}${part(5)}`
}

describe.each([
  ['light', tokensOf(':root')],
  ['dark', tokensOf('.dark')],
])('the %s theme', (_name, tokens) => {
  const background = tokens.get('background')!

  test.each(['foreground', 'muted-foreground', 'destructive', 'sidebar-foreground'])(
    '%s can be read',
    (token) => {
      for (const ground of ['background', 'card', 'popover', 'muted', 'sidebar', 'accent'])
        expect(contrast(tokens.get(token)!, tokens.get(ground)!), ground).toBeGreaterThanOrEqual(4.5)
    },
  )

  test.each(['primary', 'secondary', 'destructive', 'accent', 'popover'])(
    'text on %s can be read',
    (token) => {
      expect(contrast(tokens.get(`${token}-foreground`)!, tokens.get(token)!)).toBeGreaterThanOrEqual(4.5)
    },
  )

  const marks = [...tokens.keys()].filter((token) => /^(?:state|tag|project)-/.test(token))
  test.each(marks)('%s can be read as text, on its own badge too', (token) => {
    const color = tokens.get(token)!
    expect(contrast(color, background)).toBeGreaterThanOrEqual(4.5)
    expect(contrast(color, thinned(color, background, 0.13))).toBeGreaterThanOrEqual(4)
  })

  test('the focus ring is seen', () => {
    expect(contrast(tokens.get('ring')!, background)).toBeGreaterThanOrEqual(3)
  })

  test('every colour a project may have is a token', () => {
    for (const color of ['none', ...PROJECT_COLORS]) expect([...tokens.keys()]).toContain(`project-${color}`)
  })
})

test('both themes have the same tokens', () => {
  const names = (selector: string) => [...tokensOf(selector).keys()].sort()
  expect(names('.dark')).toEqual(names(':root'))
})

test('the picker offers the colours that core accepts', () => {
  expect(COLORS).toEqual(PROJECT_COLORS)
})
