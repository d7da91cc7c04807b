import { expect, test } from 'vitest'
import { openingBounds } from './window-state.ts'

const primary = { x: 0, y: 0, width: 1920, height: 1080 }
const second = { x: 1920, y: 0, width: 1280, height: 1024 }

test('a window opens where it was', () => {
  const was = { x: 2000, y: 50, width: 900, height: 700 }
  expect(openingBounds(was, [primary, second])).toEqual(was)
})

test('a window of a display that was unplugged opens in the middle of the primary one', () => {
  const was = { x: 2000, y: 50, width: 900, height: 700 }
  expect(openingBounds(was, [primary])).toEqual({ x: 240, y: 90, width: 1440, height: 900 })
})

test('a title bar above the display or off its side cannot be caught', () => {
  expect(openingBounds({ x: 10, y: -200, width: 900, height: 700 }, [primary]).y).toBe(90)
  expect(openingBounds({ x: 1900, y: 10, width: 900, height: 700 }, [primary]).x).toBe(240)
})

test('a small display gets a small window', () => {
  expect(openingBounds(null, [{ x: 0, y: 0, width: 1024, height: 600 }])).toEqual({
    x: 0,
    y: 0,
    width: 1024,
    height: 600,
  })
})
