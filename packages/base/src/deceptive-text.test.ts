import { expect, test } from 'vitest'
import { isHonestText } from './deceptive-text.ts'

test.each(['Ops', 'Магазин 2', 'سلام\u200f', 'שלום', 'cafe\u0301', '👩‍🚀', 'a:b <c> "d"'])(
  '%j may be a name',
  (text) => {
    expect(isHonestText(text)).toBe(true)
  },
)

test.each(['invoice\u202efdp.exe', '\u202dx', '\u2066x\u2069', 'a\nb', 'a\u0000', 'a\u009b31m', 'a\u2028b'])(
  '%j looks like something else',
  (text) => {
    expect(isHonestText(text)).toBe(false)
  },
)
