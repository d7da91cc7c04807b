import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { newId } from '@m3m/base'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeRoom } from '../../module/room.suite.ts'
import { openTestService } from '../../module/testing.ts'

let folder: string
const projectId = newId()
const storage = () => join(folder, projectId, 'storage')

/** Left half red, right half blue, the upper row green. */
async function picture(width: number, height: number) {
  const data = Buffer.alloc(width * height * 3)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++)
      data.set(y === 0 ? [0, 255, 0] : x < width / 2 ? [255, 0, 0] : [0, 0, 255], (y * width + x) * 3)
  }
  return sharp(data, { raw: { width, height, channels: 3 } })
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'm3m-image-'))
  mkdirSync(storage(), { recursive: true })
  for (const format of ['png', 'jpeg', 'webp', 'avif', 'gif', 'tiff'] as const) {
    await (await picture(60, 40)).toFormat(format).toFile(join(storage(), `photo.${format}`))
  }
  writeFileSync(
    join(storage(), 'drawing.svg'),
    '<svg xmlns="http://www.w3.org/2000/svg" width="60" height="40"><rect width="60" height="40" fill="red"/></svg>',
  )
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describeRoom('image', { prepare: () => Promise.resolve({ storagePath: folder, projectId }) })

async function run(code: string) {
  await using service = await openTestService({
    storagePath: folder,
    projectId,
    code: `const code = async (call) => { try { return await call() } catch (error) { return error.code ?? String(error) } }; router.get('/', async () => { ${code} })`,
  })
  return (await service.get('/')).json
}
async function pixel(name: string, x: number, y: number): Promise<number[]> {
  const { data, info } = await sharp(join(storage(), name))
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  return [...data.subarray((y * info.width + x) * 4, (y * info.width + x) * 4 + 4)]
}

describe('image', () => {
  it('reads every format and writes every format', async () => {
    expect(
      await run(`
        const read = [], wrote = []
        for (const name of ['photo.png', 'photo.jpeg', 'photo.webp', 'photo.avif', 'photo.gif', 'photo.tiff', 'drawing.svg']) { const { width, height } = await image.info(name); read.push(width * 100 + height) }
        for (const ending of ['png', 'jpg', 'webp', 'avif', 'gif', 'tiff', 'unknown']) { await image.resize('drawing.svg', 'all/x.' + ending, 10, 10); wrote.push((await image.info('all/x.' + ending)).format) }
        return [read, wrote]`),
    ).toEqual([Array(7).fill(6040), ['png', 'jpeg', 'webp', 'heif', 'gif', 'tiff', 'jpeg']])
  })

  it('changes the very pixels it should', async () => {
    await run(`
      await image.crop('photo.png', 'p/crop.png', 28, 0, 4, 4); await image.flip('photo.png', 'p/flop.png'); await image.flip('photo.png', 'p/flip.png', 'vertical'); await image.rotate('photo.png', 'p/turn.png', 90)
      await image.grayscale('photo.png', 'p/grey.png'); await image.resize('photo.png', 'p/size.png', 20, 10); await image.composite('photo.png', 'p/over.png', 'drawing.svg', { opacity: 1 })
      await image.open('photo.png').crop(0, 1, 20, 20).resize(4, 4).rotate(180).save('p/chain.png'); await image.watermark('drawing.svg', 'p/mark.png', { text: 'ЁЖ', size: 30, color: '#00ff00', position: 'center', opacity: 1 })
      await image.rotate('drawing.svg', 'p/corner.png', 45); await image.convert('p/corner.png', 'p/corner.jpg', { quality: 100 }); return 1`)
    const red = [255, 0, 0, 255]
    const blue = [0, 0, 255, 255]
    expect(await pixel('p/crop.png', 0, 0)).toEqual([0, 255, 0, 255])
    expect([await pixel('p/crop.png', 1, 2), await pixel('p/crop.png', 2, 2)]).toEqual([red, blue])
    expect([
      await pixel('p/flop.png', 0, 20),
      await pixel('p/flip.png', 0, 39),
      await pixel('p/turn.png', 39, 0),
    ]).toEqual([blue, [0, 255, 0, 255], [0, 255, 0, 255]])
    const grey = await pixel('p/grey.png', 0, 20)
    expect(new Set(grey.slice(0, 3)).size).toBe(1)
    expect([await pixel('p/over.png', 50, 20), await pixel('p/chain.png', 2, 2)]).toEqual([red, red])
    const marked = await sharp(join(storage(), 'p/mark.png')).stats()
    expect(marked.channels[1]!.max).toBe(255)
    expect([(await pixel('p/corner.png', 0, 0))[3], (await pixel('p/corner.jpg', 0, 0))[0]! > 240]).toEqual([
      0,
      true,
    ])
  })

  it('follows the original in the $ spelling', async () => {
    expect(
      await run(`return [
        $image.info('photo.png'), $image.resize('photo.png', 'd/a.png', 5, 6), $image.resizeKeepRatio('photo.png', 'd/b.png', 600, 600), $image.info('d/b.png').width, $image.crop('photo.png', 'd/c.jpg', 0, 0, 5, 5),
        $image.thumbnail('photo.png', 'd/d.png', 9), $image.info('/d/d.png'), $image.readAsBase64('d/c.jpg').slice(0, 15), $image.resize('photo.png', 'd/noending', 5, 5), $image.info('d/noending').format, $image.resize('photo.png', 'photo2.png', 7, 7), $image.resize('photo2.png', 'photo2.png', 8, 8), $image.info('photo2.png').width,
      ]`),
    ).toEqual([
      { width: 60, height: 40, format: 'png' },
      true,
      true,
      600,
      true,
      true,
      { width: 9, height: 9, format: 'png' },
      'data:image/jpeg',
      true,
      'png',
      true,
      true,
      8,
    ])
  })

  it('refuses broken, hostile and far too large pictures, and goes on', async () => {
    writeFileSync(join(storage(), 'text.png'), 'this is no picture')
    writeFileSync(
      join(storage(), 'half.png'),
      (await (await picture(600, 400)).png().toBuffer()).subarray(0, 2_000),
    )
    writeFileSync(
      join(storage(), 'bomb.svg'),
      '<svg xmlns="http://www.w3.org/2000/svg" width="100000" height="100000"/>',
    )
    writeFileSync(
      join(storage(), 'file.svg'),
      '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="60" height="40"><image width="60" height="40" xlink:href="file:///work/main/x.png"/><image width="60" height="40" xlink:href="photo.png"/></svg>',
    )
    const large = sharp({ create: { width: 9_000, height: 9_000, channels: 3, background: 'red' } })
    writeFileSync(join(storage(), 'large.png'), await large.png().toBuffer())
    const answers = await run(`return [
      await code(() => image.info('text.png')), await code(() => image.resize('half.png', 'x.png', 5, 5)), await code(() => image.info('bomb.svg')), await code(() => image.resize('large.png', 'x.png', 5, 5)), await code(() => image.resize('photo.png', 'x.png', 60000, 60000)),
      await code(() => image.crop('photo.png', 'x.png', 50, 0, 20, 20)), await code(() => image.resize('photo.png', 'x.png', 0, 5)), await code(() => image.resize('photo.png', 'x.png', 'a', 5)), await code(() => image.blur('photo.png', 'x.png', 1e6)), await code(() => image.info('none.png')),
      await code(() => image.resize('photo.png', '../x.png', 5, 5)), await code(() => image.composite('photo.png', 'x.png', '../../etc/passwd')), await code(() => image.convert('photo.png', 'x', { format: 'exe' })), await code(() => image.watermark('photo.png', 'x.png', '')), await code(() => image.convert('photo.png', 'x.jpg', { quality: 0 })),
      await image.convert('file.svg', 'file.png'), await image.thumbnail('photo.png', 'ok.png', 5), await storage.exists('x.png'),
    ]`)
    const argument = 'IMAGE_ARGUMENT_INVALID'
    expect(answers).toEqual([
      'IMAGE_INVALID',
      'IMAGE_INVALID',
      expect.stringMatching(/^IMAGE_/),
      'IMAGE_TOO_LARGE',
      'IMAGE_TOO_LARGE',
      'IMAGE_OUT_OF_RANGE',
      argument,
      argument,
      argument,
      'STORAGE_NOT_FOUND',
      'STORAGE_PATH',
      'STORAGE_PATH',
      'IMAGE_FORMAT_UNKNOWN',
      argument,
      argument,
      true,
      true,
      false,
    ])
    expect(await pixel('file.png', 30, 20)).toEqual([0, 0, 0, 0])
  })
})
