import { expect, test } from 'vitest'
import { honestText, isHonestText, revealedText, textPieces } from './deceptive-text.ts'

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

test('what deceives is shown by its code, or left out', () => {
  const name = 'photo\u202egpj.exe\n'
  expect(textPieces(name)).toEqual([
    { text: 'photo', isCode: false },
    { text: 'U+202E', isCode: true },
    { text: 'gpj.exe', isCode: false },
    { text: 'U+000A', isCode: true },
  ])
  expect(textPieces('plain')).toEqual([{ text: 'plain', isCode: false }])
  expect(textPieces('')).toEqual([])
  expect(revealedText(name)).toBe('photo⟨U+202E⟩gpj.exe⟨U+000A⟩')
  expect(honestText(name)).toBe('photogpj.exe')
  // Asked again and again, the same is said.
  for (let time = 0; time < 3; time += 1) expect(isHonestText(name)).toBe(false)
})
