// The app's icons from src/renderer/public/icon.svg; run by `npm run build`. No picture is kept by hand.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import sharp from 'sharp'

const APP = resolve(import.meta.dirname, '..')
const DRAWING = 'src/renderer/public/icon.svg'
const TRAY = 'src/renderer/public/tray'
/** Points at which trays and menu bars draw. */
const TRAY_SIZE = 16
/** Electron picks the file by the display's factor from the ending of its name (its nativeImage, "High resolution image"). */
const FACTORS = [
  { ending: '', factor: 1 },
  { ending: '@1.5x', factor: 1.5 },
  { ending: '@2x', factor: 2 },
] as const

interface Icon {
  path: string
  sizePx: number
  /** `mark`: the letter alone, black on nothing, which macOS takes as a mask. */
  look: 'app' | 'mark'
}

/** Which file at which size in pixels. electron-builder makes `.icns` and `.ico` of the large one. */
export const ICONS: readonly Icon[] = [
  { path: 'packaging/icon.png', sizePx: 1024, look: 'app' },
  ...FACTORS.flatMap(({ ending, factor }): Icon[] => {
    const sizePx = TRAY_SIZE * factor
    return [
      { path: `${TRAY}/mark${ending}.png`, sizePx, look: 'app' },
      { path: `${TRAY}/markTemplate${ending}.png`, sizePx, look: 'mark' },
    ]
  }),
]

/** Draws every icon below `folder`. */
export async function drawIcons(folder: string = APP): Promise<void> {
  const app = readFileSync(join(APP, DRAWING), 'utf8')
  const drawings = { app, mark: markOf(app) }
  rmSync(join(folder, TRAY), { recursive: true, force: true })
  for (const { path, sizePx, look } of ICONS) {
    const svg = drawings[look]
    const [, sizeOfSvg = ''] = /viewBox="\S+ \S+ (\d+) \d+"/.exec(svg) ?? []
    // 72 dots to the inch draw one pixel for each unit of the view box (librsvg).
    const density = (72 * sizePx) / Number(sizeOfSvg)
    const image = sharp(Buffer.from(svg), { density }).resize(sizePx, sizePx)
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), await image.png({ compressionLevel: 9 }).toBuffer())
  }
}

/** Without the ground, and closer, since what was the ground's margin is the menu bar's own. */
function markOf(svg: string): string {
  return svg
    .replace(/<rect[^>]*>/, '')
    .replace(/stroke="#\w+"/, 'stroke="#000"')
    .replace('viewBox="0 0 32 32"', 'viewBox="5 6 22 22"')
}

if (import.meta.main) await drawIcons()
