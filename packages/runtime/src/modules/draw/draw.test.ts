import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { newId } from '@m3m/base'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeRoom } from '../../module/room.suite.ts'
import { openTestService } from '../../module/testing.ts'

let folder: string
const projectId = newId()
const storage = () => join(folder, projectId, 'storage')

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'm3m-draw-'))
  mkdirSync(storage(), { recursive: true })
  const fonts = dirname(createRequire(import.meta.url).resolve('dejavu-fonts-ttf/package.json'))
  copyFileSync(join(fonts, 'ttf', 'DejaVuSerif-Bold.ttf'), join(storage(), 'serif.ttf'))
  writeFileSync(join(storage(), 'bad.ttf'), 'no font')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describeRoom('draw', { prepare: () => Promise.resolve({ storagePath: folder, projectId }) })

async function run(code: string) {
  await using service = await openTestService({
    storagePath: folder,
    projectId,
    code: `const code = async (call) => { try { return await call() } catch (error) { return error.code ?? String(error) } }; router.get('/', async () => { ${code} })`,
  })
  return (await service.get('/')).json
}
async function read(name: string) {
  const { data, info } = await sharp(join(storage(), name))
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  const pixel = (x: number, y: number) => [
    ...data.subarray((y * info.width + x) * 4, (y * info.width + x) * 4 + 4),
  ]
  /** How many pixels are darker than the middle. */
  const dark = () =>
    Array.from({ length: info.width * info.height }, (_, i) => data[i * 4]!).filter((value) => value < 128)
      .length
  return { pixel, dark, width: info.width, height: info.height }
}
const RED = [255, 0, 0, 255]
const BLUE = [0, 0, 255, 255]
const WHITE = [255, 255, 255, 255]

describe('draw', () => {
  it('draws the shapes of the original where it should', async () => {
    await run(`
      const c = $draw.createCanvas(100, 80)
      c.clear('white'); c.setColor('#f00'); c.fillRect(0, 0, 10, 10); c.setColor('blue'); c.fillCircle(30, 30, 10); c.setLineWidth(4); c.line(0, 60, 100, 60); c.setColor('#ff0000ff'); c.rect(50, 10, 20, 20); c.fillPolygon([[80, 0], [100, 0], [100, 20]])
      c.push(); c.translate(50, 50); c.rotate(Math.PI); c.setColor('blue'); c.fillRect(0, 0, 5, 5); c.pop(); c.fillEllipse(90, 40, 8, 4); c.fillRoundedRect(0, 70, 10, 10, 5); c.setColor('nonsense'); c.fillRect(20, 70, 5, 5); c.arc(70, 70, 5, 0, 6.29); c.roundedRect(80, 65, 10, 10, 2); c.ellipse(60, 60, 3, 2); c.circle(5, 40, 3); c.polygon([[1, 2], [3, 4]]); c.scale(1, 1)
      return [c.save('shapes.png'), c.width(), c.height()]`)
    const { pixel } = await read('shapes.png')
    expect([pixel(5, 5), pixel(30, 30), pixel(20, 20), pixel(50, 60), pixel(98, 3)]).toEqual([
      RED,
      BLUE,
      WHITE,
      BLUE,
      RED,
    ])
    expect([
      pixel(60, 10),
      pixel(60, 20),
      pixel(47, 47),
      pixel(90, 40),
      pixel(5, 75),
      pixel(0, 70),
      pixel(22, 72),
    ]).toEqual([RED, WHITE, BLUE, RED, RED, WHITE, [0, 0, 0, 255]])
  })

  it('draws as browsers do: gradients, clipping, composition, images, transforms', async () => {
    const answers = await run(`
      const dot = draw.createCanvas(4, 4); dot.setColor('red'); dot.fillRect(0, 0, 4, 4); await dot.save('dot.png')
      const image = await draw.loadImage('dot.png'), canvas = draw.createCanvas(60, 40), ctx = canvas.getContext('2d')
      const g = ctx.createLinearGradient(0, 0, 60, 0); g.addColorStop(0, '#ff0000'); g.addColorStop(1, '#0000ff'); ctx.fillStyle = g; ctx.fillRect(0, 0, 60, 10)
      ctx.save(); ctx.beginPath(); ctx.rect(0, 20, 5, 5); ctx.clip(); ctx.fillStyle = 'blue'; ctx.fillRect(0, 15, 60, 20); ctx.restore()
      ctx.drawImage(image, 20, 20); ctx.drawImage(image, 0, 0, 2, 2, 30, 20, 8, 8); ctx.fillStyle = ctx.createPattern(image, 'repeat'); ctx.fillRect(45, 20, 10, 10); ctx.globalAlpha = 0.5; ctx.fillStyle = 'blue'; ctx.fillRect(0, 30, 5, 5)
      await canvas.save('web.png')
      return [ctx.globalAlpha, ctx.lineWidth, canvas.getContext('webgl'), image.width]`)
    expect(answers).toEqual([0.5, 1, null, 4])
    const { pixel } = await read('web.png')
    expect([pixel(2, 22), pixel(8, 22), pixel(22, 22), pixel(35, 25), pixel(50, 25), pixel(2, 32)]).toEqual([
      BLUE,
      [0, 0, 0, 0],
      RED,
      RED,
      RED,
      [0, 0, 255, expect.closeTo(128, -0.5)],
    ])
    expect(pixel(1, 5)[0]).toBeGreaterThan(240)
    expect(pixel(58, 5)[2]).toBeGreaterThan(240)
  })

  it('writes Cyrillic with the default font, and with one of the storage', async () => {
    const answers = await run(`
      const write = async (name, prepare) => { const c = draw.createCanvas(160, 40); c.clear(); c.setColor('black'); c.setFontSize(24); prepare(c); c.text('Жёлтый', 5, 28); await c.save(name) }
      await write('default.png', () => {}); await draw.loadFont('Serif Bold', 'serif.ttf'); await write('serif.png', (c) => c.setFont('Serif Bold'))
      const ctx = draw.createCanvas(10, 10).getContext('2d'); ctx.font = '20px "DejaVu Sans"'; const wide = await ctx.measureText('WWWW'), narrow = await ctx.measureText('iiii'); ctx.font = '40px "Serif Bold"'
      return [wide.width > narrow.width * 2, (await ctx.measureText('WWWW')).width > wide.width * 1.5, $draw.createCanvas().getContext('2d').measureText('x').width > 0, await code(() => draw.createCanvas().setFont('none')), await code(() => draw.loadFont('Bad', 'bad.ttf'))]`)
    expect(answers).toEqual([true, true, true, 'DRAW_FONT_UNKNOWN', 'DRAW_FONT_INVALID'])
    const [plain, serif] = [(await read('default.png')).dark(), (await read('serif.png')).dark()]
    expect(plain).toBeGreaterThan(200)
    expect(serif).toBeGreaterThan(plain * 1.2)
  })

  it('gives every format, and what the original gives', async () => {
    expect(
      await run(`
        const c = draw.createCanvas(8, 8); const formats = []
        for (const ending of ['png', 'jpg', 'webp', 'avif', 'gif', 'none']) { await c.save('f/x.' + ending); formats.push((await image.info('f/x.' + ending)).format) }
        return [formats, (await c.toBase64()).slice(0, 22), $draw.createCanvas().toBase64('jpg').slice(0, 23), $draw.createCanvas().width(), (await c.toBytes('png'))[1]]`),
    ).toEqual([
      ['png', 'jpeg', 'webp', 'heif', 'gif', 'png'],
      'data:image/png;base64,',
      'data:image/jpeg;base64,',
      100,
      80,
    ])
  })

  it('keeps its bounds, touches nothing else, and goes on', async () => {
    expect(
      await run(`
        const c = draw.createCanvas(5, 5), ctx = c.getContext('2d')
        return [
          await code(() => draw.createCanvas(20000, 10)), await code(() => draw.createCanvas(16000, 16000)), await code(async () => { for (let i = 0; i < 100001; i++) ctx.fillRect(0, 0, 1, 1) }),
          await code(() => draw.loadImage('bad.ttf')), await code(() => draw.loadImage('../../x')), await code(() => draw.loadFont('a"b', 'serif.ttf')), await code(() => draw.createCanvas().save('../x.png')), await code(() => draw.createCanvas().save('q.jpg', { quality: 0 })), await draw.createCanvas().save('ok.png'),
        ]`),
    ).toEqual([
      'DRAW_CANVAS_TOO_LARGE',
      'DRAW_CANVAS_TOO_LARGE',
      'DRAW_TOO_MANY_COMMANDS',
      'IMAGE_INVALID',
      'STORAGE_PATH',
      'DRAW_ARGUMENT_INVALID',
      'STORAGE_PATH',
      'DRAW_ARGUMENT_INVALID',
      true,
    ])
  })
})
