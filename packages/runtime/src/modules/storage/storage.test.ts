import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readFileLink } from '@m3m/data'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeRoom } from '../../module/room.suite.ts'
import { openTestService } from '../../module/testing.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'm3m-storage-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describeRoom('storage', { prepare: () => Promise.resolve({ storagePath: join(folder, 'examples') }) })

/** A service with its storage below a folder of its own; `root` is where its files lie. */
async function openService(name: string, code: string, settings: Record<string, unknown> = {}) {
  const storagePath = join(folder, name)
  const service = await openTestService({ storagePath, code, settings })
  const root = join(storagePath, service.run.order.projectId, 'storage')
  return { service, root, [Symbol.asyncDispose]: () => service[Symbol.asyncDispose]() }
}
const CODES = `const code = async (call) => { try { return await call() } catch (error) { return error.code ?? String(error) } };`

describe('confinement', () => {
  it('nothing outside can be named, by no spelling and by no function', async () => {
    writeFileSync(join(folder, 'secret.txt'), 'secret')
    await using opened = await openService(
      'confined',
      `${CODES}
      const paths = ['../secret.txt', '/../../secret.txt', 'a/../../x', '..\\\\x', 'a\\u0000b', 'x'.repeat(2000), 'n'.repeat(300), 'a/'.repeat(100), {}, 7]
      const calls = [
        (p) => storage.read(p), (p) => storage.write(p, 'x'), (p) => storage.append(p, 'x'), (p) => storage.delete(p), (p) => storage.list(p),
        (p) => storage.mkdir(p), (p) => storage.stat(p), (p) => storage.copy('ok', p), (p) => storage.move(p, 'ok'), (p) => storage.rename('ok', p),
        (p) => storage.zip([p], 'x.zip'), (p) => storage.unzip('ok', p), (p) => $storage.read(p),
      ]
      router.get('/', async () => {
        await storage.write('ok', 'x')
        const codes = {}
        for (const call of calls) for (const path of paths) { const c = await code(() => call(path)); codes[c] = (codes[c] ?? 0) + 1 }
        return codes
      })
      router.get('/tmp', async () => [await code(() => storage.tmp.read('../ok')), await code(() => storage.tmp.read('../../../secret.txt'))])
      router.get('/glob', async () => [await code(() => storage.glob('../*')), await code(() => storage.glob('/../../**')), await storage.exists('../secret.txt')])`,
    )
    const codes = (await opened.service.get('/')).json as Record<string, number>
    expect(Object.keys(codes)).toEqual(['STORAGE_PATH'])
    expect((await opened.service.get('/tmp')).json).toEqual([expect.anything(), 'STORAGE_PATH'])
    expect((await opened.service.get('/glob')).json).toEqual(['STORAGE_PATH', 'STORAGE_PATH', false])
    expect(readFileSync(join(folder, 'secret.txt'), 'utf8')).toBe('secret')
  })

  it('links are not followed, wherever they lead, nor listed', async () => {
    await using opened = await openService(
      'links',
      `${CODES}
      router.get('/', async () => [
        await code(() => storage.read('out.txt')), await code(() => storage.write('out.txt', 'x')), await code(() => storage.write('outdir/new.txt', 'x')),
        await code(() => storage.append('out.txt', 'x')), await code(() => storage.list('outdir')), await code(() => storage.copy('outdir', 'copied')),
        await code(() => storage.read('in.txt')), (await storage.walk()).map((entry) => entry.path), await code(() => storage.delete('outdir')),
      ])`,
    )
    mkdirSync(join(opened.root), { recursive: true })
    mkdirSync(join(folder, 'outside'))
    writeFileSync(join(folder, 'outside', 'file.txt'), 'untouched')
    writeFileSync(join(opened.root, 'real.txt'), 'inside')
    symlinkSync(join(folder, 'outside', 'file.txt'), join(opened.root, 'out.txt'))
    symlinkSync(join(folder, 'outside'), join(opened.root, 'outdir'))
    symlinkSync(join(opened.root, 'real.txt'), join(opened.root, 'in.txt'))
    const invalid = 'STORAGE_PATH'
    expect((await opened.service.get('/')).json).toEqual([
      ...Array<string>(7).fill(invalid),
      ['real.txt'],
      invalid,
    ])
    expect(readFileSync(join(folder, 'outside', 'file.txt'), 'utf8')).toBe('untouched')
    expect(readdirSync(join(folder, 'outside'))).toEqual(['file.txt'])
  })

  it('the root is never deleted or moved', async () => {
    await using opened = await openService(
      'root',
      `${CODES}
      router.get('/', async () => {
        await storage.write('a', 'x')
        const codes = []
        for (const path of ['', '/', '.', 'a/..', null, undefined]) for (const call of [(p) => storage.delete(p), (p) => storage.move(p, 'x'), (p) => storage.write(p, ''), (p) => $storage.delete(p)]) codes.push(await code(() => call(path)))
        return [[...new Set(codes)], await storage.list()]
      })`,
    )
    expect((await opened.service.get('/')).json).toEqual([['STORAGE_PATH', 'STORAGE_KIND'], ['a']])
  })
})

describe('storage', () => {
  it('says what is wrong by its codes', async () => {
    await using opened = await openService(
      'codes',
      `${CODES}
      router.get('/', async () => {
        await storage.write('file', '{'); await storage.mkdir('dir/inner'); await storage.write('dir/x', '')
        return [
          await code(() => storage.read('none')), await code(() => storage.read('dir')), await code(() => storage.list('file')), await code(() => storage.list('none')),
          await code(() => storage.write('dir', 'x')), await code(() => storage.write('file/x', 'x')), await code(() => storage.readJson('file')), await code(() => storage.write('x', {})),
          await code(() => storage.move('dir', 'dir/inner/x')), await code(() => storage.rename('file', 'no/such/folder')), await code(() => storage.delete('none')),
          await code(() => storage.stat('none')), await code(() => storage.move('file', 'dir')), await code(() => storage.unzip('file', 'out')), await code(() => $storage.size('dir')),
          await code(() => storage.write('file', undefined)), await code(() => storage.append('file', null)), await storage.read('file'), await code(() => $storage.write('empty')), await storage.read('empty'),
        ]
      })`,
    )
    expect((await opened.service.get('/')).json).toEqual([
      'STORAGE_NOT_FOUND',
      'STORAGE_KIND',
      'STORAGE_KIND',
      'STORAGE_NOT_FOUND',
      'STORAGE_KIND',
      'STORAGE_EXISTS',
      'STORAGE_JSON_INVALID',
      'STORAGE_CONTENT_INVALID',
      'STORAGE_PATH',
      'STORAGE_NOT_FOUND',
      true,
      'STORAGE_NOT_FOUND',
      'STORAGE_EXISTS',
      'ARCHIVE_INVALID',
      'STORAGE_KIND',
      'STORAGE_CONTENT_INVALID',
      'STORAGE_CONTENT_INVALID',
      '{',
      true,
      '',
    ])
  })

  it('follows the original in the $ spelling', async () => {
    await using opened = await openService(
      'dollar',
      `router.get('/', () => {
        const stat = ($storage.write('a/b.txt', 'ёж'), $storage.stat('/a/b.txt'))
        return [
          $storage.read('a/b.txt'), $storage.readBase64('a/b.txt'), $storage.append('a/b.txt', '!'), $storage.size('a/b.txt'), $storage.exists('a'), $storage.list('a'),
          Number.isInteger(stat.updatedAt) && stat.updatedAt > 1e9 && stat.updatedAt < 1e10, stat.name, stat.isDir, stat.mimeType,
          $storage.copy('a', 'c'), $storage.move('c', 'd/e'), $storage.rename('d/e', 'd/f'), $storage.glob('**/*.txt'), $storage.delete('d'), $storage.mkdir('m'), $storage.tmp.write('x', 'y'), $storage.read('tmp/x'),
          $storage.write('empty'), $storage.read('empty'),
        ]
      })`,
    )
    expect((await opened.service.get('/')).json).toEqual([
      'ёж',
      '0ZHQtg==',
      true,
      5,
      true,
      ['b.txt'],
      true,
      'b.txt',
      false,
      'text/plain',
      true,
      true,
      true,
      ['a/b.txt', 'd/f/b.txt'],
      true,
      true,
      true,
      'y',
      true,
      '',
    ])
  })

  it('readers see whole files only, and nothing of a write in progress', async () => {
    await using opened = await openService(
      'atomic',
      `router.get('/', async () => {
        const sizes = new Set()
        await storage.write('big', 'x'.repeat(300000))
        await Promise.all(Array.from({ length: 10 }, async (_, i) => {
          await storage.write('big', String(i).repeat(300000))
          sizes.add((await storage.read('big')).length)
        }))
        return [[...sizes], await storage.list(), new Set(await storage.read('big')).size]
      })`,
    )
    expect((await opened.service.get('/')).json).toEqual([[300_000], ['big'], 1])
    expect(readdirSync(opened.root)).toEqual(['big'])
  })

  it('keeps within its quota', async () => {
    await using opened = await openService(
      'quota',
      `${CODES}
      router.get('/', async () => [await code(() => storage.write('a', 'x'.repeat(600))), await code(() => storage.write('b', 'x'.repeat(600))), await code(() => storage.append('a', 'x'.repeat(600)))])`,
      { storageQuotaBytes: 1_000 },
    )
    expect((await opened.service.get('/')).json).toEqual([true, 'STORAGE_QUOTA', 'STORAGE_QUOTA'])
  })

  it('unpacks nothing that leaves its folder, no links, and no bomb', async () => {
    await using opened = await openService(
      'zips',
      `${CODES} router.get('/:name', (ctx) => code(() => storage.unzip(ctx.params.name, 'out')))`,
    )
    mkdirSync(opened.root, { recursive: true })
    const zips: [string, Buffer, string][] = [
      ['slip.zip', zipOf('../evil.txt', 'x'), 'ARCHIVE_PATH_INVALID|ARCHIVE_INVALID'],
      ['absolute.zip', zipOf('/evil.txt', 'x'), 'ARCHIVE_PATH_INVALID|ARCHIVE_INVALID'],
      ['link.zip', zipOf('link', '/etc/passwd', 0o120777), 'ARCHIVE_PATH_INVALID'],
      ['good.zip', zipOf('good.txt', 'x'), 'true'],
    ]
    for (const [name, bytes, code] of zips) {
      writeFileSync(join(opened.root, name), bytes)
      expect([name, (await opened.service.get(`/${name}`)).body]).toEqual([name, expect.stringMatching(code)])
    }
    expect(readdirSync(join(opened.root, 'out'))).toEqual(['good.txt'])
    expect(readdirSync(folder)).not.toContain('evil.txt')
  })
})

/** A ZIP of one stored entry, so that its name can be what no packer would write. */
function zipOf(name: string, content: string, mode = 0o100644): Buffer {
  const data = Buffer.from(content)
  const path = Buffer.from(name)
  const crc = crc32(data)
  const local = Buffer.alloc(30)
  local.writeUInt32LE(0x04034b50, 0)
  local.writeUInt16LE(20, 4)
  local.writeUInt32LE(crc, 14)
  local.writeUInt32LE(data.length, 18)
  local.writeUInt32LE(data.length, 22)
  local.writeUInt16LE(path.length, 26)
  const central = Buffer.alloc(46)
  central.writeUInt32LE(0x02014b50, 0)
  central.writeUInt16LE(0x031e, 4)
  central.writeUInt16LE(20, 6)
  central.writeUInt32LE(crc, 16)
  central.writeUInt32LE(data.length, 20)
  central.writeUInt32LE(data.length, 24)
  central.writeUInt16LE(path.length, 28)
  central.writeUInt32LE((mode << 16) >>> 0, 38)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(1, 8)
  end.writeUInt16LE(1, 10)
  end.writeUInt32LE(46 + path.length, 12)
  end.writeUInt32LE(30 + path.length + data.length, 16)
  return Buffer.concat([local, path, data, central, path, end])
}

function crc32(bytes: Buffer): number {
  let crc = -1
  for (const byte of bytes) {
    crc ^= byte
    for (let i = 0; i < 8; i++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  return (crc ^ -1) >>> 0
}

describe('links', () => {
  const KEY = Buffer.from('k'.repeat(32)).toString('base64url')
  const settings = { fileLinks: { base: 'https://m3m.example', key: KEY } }

  it('are signed with the key of the project, for as long as was said', async () => {
    await using opened = await openService(
      'links',
      `${CODES}
      router.get('/', async () => {
        await storage.write('a b/c.txt', 'x')
        return { hour: await storage.url('/a b/c.txt', { expires: '1h' }), day: await storage.url('a b/c.txt'), never: await storage.url('a b/c.txt', { expires: 'never' }), compat: $storage.getUrl('a b/c.txt'), stat: $storage.stat('a b/c.txt').url, tmp: $storage.tmp.getUrl('x'),
          codes: [await code(() => storage.url('none')), await code(() => storage.url('a b')), await code(() => storage.url('a b/c.txt', { expires: 'soon' })), await code(() => storage.url('a b/c.txt', { expires: -1 })), await code(() => storage.getUrl('../x'))] }
      })`,
      settings,
    )
    const urls = (await opened.service.get('/')).json as Record<string, string>
    const { projectId } = opened.service.run.order
    const stateOf = (url: string, atMs: number) => {
      const { origin, pathname, searchParams } = new URL(url)
      expect(origin).toBe('https://m3m.example')
      expect(pathname).toBe(`/files/signed/${projectId}/a%20b/c.txt`)
      const file = { projectId, path: 'a b/c.txt' }
      return readFileLink(Buffer.from(KEY, 'base64url'), file, searchParams.get('link')!, atMs)
    }
    const now = Date.now()
    expect(stateOf(urls['hour']!, now + 3_590_000)).toBe('valid')
    expect(stateOf(urls['hour']!, now + 3_610_000)).toBe('ended')
    expect(stateOf(urls['day']!, now + 86_390_000)).toBe('valid')
    expect(stateOf(urls['day']!, now + 86_410_000)).toBe('ended')
    expect(urls['compat']).toBe(urls['never'])
    expect(urls['stat']).toBe(urls['never'])
    expect(urls['tmp']).toContain(`/files/signed/${projectId}/tmp/x?link=`)
    expect(urls['codes']).toEqual([
      'STORAGE_NOT_FOUND',
      'STORAGE_KIND',
      'STORAGE_EXPIRY_INVALID',
      'STORAGE_EXPIRY_INVALID',
      'STORAGE_PATH',
    ])
  })
})
