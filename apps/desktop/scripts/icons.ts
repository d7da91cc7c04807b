// The app's icons from src/renderer/public/icon.svg; run by `npm run build`. No picture is kept by hand.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import sharp from 'sharp'

const APP = resolve(import.meta.dirname, '..')

/**
 * Which file at which size in pixels. electron-builder makes `.icns` and `.ico` of the large one; the tray's is drawn
 * at 16 points on screens of up to two pixels a point.
 */
export const ICONS = [
  { path: 'packaging/icon.png', sizePx: 1024 },
  { path: 'src/renderer/public/tray.png', sizePx: 32 },
] as const

/** Draws every icon below `folder`. */
export async function drawIcons(folder: string = APP): Promise<void> {
  const svg = readFileSync(join(APP, 'src/renderer/public/icon.svg'))
  const [, sizeOfSvg = ''] = /viewBox="0 0 (\d+) \d+"/.exec(svg.toString()) ?? []
  for (const { path, sizePx } of ICONS) {
    // 72 dots to the inch draw one pixel for each unit of the view box (librsvg).
    const density = (72 * sizePx) / Number(sizeOfSvg)
    const png = await sharp(svg, { density }).resize(sizePx, sizePx).png({ compressionLevel: 9 }).toBuffer()
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), png)
  }
}

if (import.meta.main) await drawIcons()
