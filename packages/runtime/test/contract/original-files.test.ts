// Files, pictures, drawings and further files of the branch as the original's scripts use them.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describeTable, throws, type Row } from './contract.suite.ts'

async function prepare() {
  const storagePath = await mkdtemp(join(tmpdir(), 'm3m-contract-'))
  return {
    storagePath,
    settings: { fileLinks: { base: 'https://panel.example' } },
    [Symbol.asyncDispose]: () => rm(storagePath, { recursive: true, force: true }),
  }
}

const storage: Row[] = [
  [
    'write: true; folders above it are made',
    `[$storage.write('a/b/c.txt', 'héllo'), $storage.read('a/b/c.txt')]`,
    [true, 'héllo'],
  ],
  ['write: replaces', `[$storage.write('a/b/c.txt', 'x'), $storage.read('/a/b/c.txt')]`, [true, 'x']],
  ['write: a missing text is empty', `[$storage.write('empty.txt'), $storage.read('empty.txt')]`, [true, '']],
  ['write: numbers are texts', `[$storage.write('n.txt', 5), $storage.read('n.txt')]`, [true, '5']],
  [
    'append: true; makes the file',
    `[$storage.append('log/a.txt', '1'), $storage.append('log/a.txt', '2'), $storage.read('log/a.txt')]`,
    [true, true, '12'],
  ],
  ['read: throws for nothing', `$storage.read('none')`, throws('STORAGE_NOT_FOUND')],
  ['read: throws for a folder', `$storage.read('a')`, throws('STORAGE_KIND')],
  ['readBase64', `($storage.write('b.txt', 'hi'), $storage.readBase64('b.txt'))`, 'aGk='],
  [
    'exists: files and folders; false on any error',
    `[$storage.exists('a'), $storage.exists('a/b/c.txt'), $storage.exists('none'), $storage.exists('../../etc'), $storage.exists('')]`,
    [true, true, false, false, true],
  ],
  ['list: names', `[$storage.list('a'), $storage.list('log')]`, [['b'], ['a.txt']]],
  ['list: the root by nothing and by a slash', `$storage.list().join() === $storage.list('/').join()`, true],
  ['list: throws for no folder', `$storage.list('none')`, throws('STORAGE_NOT_FOUND')],
  [
    'mkdir: true, with those above, also again',
    `[$storage.mkdir('m/n/o'), $storage.mkdir('m/n/o')]`,
    [true, true],
  ],
  [
    'stat: what there is; seconds',
    `(function (s) { return [s.name, s.path, s.size, s.isDir, s.mimeType, Math.abs(s.updatedAt - Date.now() / 1000) < 60, s.url.indexOf('https://panel.example/') === 0] })($storage.stat('a/b/c.txt'))`,
    ['c.txt', 'a/b/c.txt', 1, false, 'text/plain', true, true],
  ],
  ['stat: a folder', `(function (s) { return [s.name, s.isDir] })($storage.stat('a/b'))`, ['b', true]],
  ['stat: throws for nothing', `$storage.stat('none')`, throws('STORAGE_NOT_FOUND')],
  ['size', `[$storage.size('b.txt'), $storage.size('empty.txt')]`, [2, 0]],
  [
    'mimeType: by the ending, also of no file',
    `[$storage.mimeType('x.png'), $storage.mimeType('x.JSON'), $storage.mimeType('x.nothing'), $storage.mimeType('x')]`,
    ['image/png', 'application/json', 'application/octet-stream', 'application/octet-stream'],
  ],
  [
    'copy: true; with all below',
    `[$storage.copy('a', 'copied'), $storage.read('copied/b/c.txt'), $storage.exists('a')]`,
    [true, 'x', true],
  ],
  [
    'move: true; makes folders above',
    `[$storage.move('copied/b/c.txt', 'far/away/c.txt'), $storage.read('far/away/c.txt'), $storage.exists('copied/b/c.txt')]`,
    [true, 'x', false],
  ],
  [
    'move: over what is there',
    `[$storage.write('old.txt', 'o'), $storage.write('new.txt', 'n'), $storage.move('new.txt', 'old.txt'), $storage.read('old.txt')]`,
    [true, true, true, 'n'],
  ],
  ['rename: true', `[$storage.rename('far/away', 'far/gone'), $storage.list('far')]`, [true, ['gone']]],
  ['rename: makes no folders', `$storage.rename('far/gone', 'no/such')`, throws('STORAGE_NOT_FOUND')],
  [
    'copy, move and rename: throw for nothing',
    `['copy', 'move', 'rename'].map(function (name) { try { $storage[name]('none', 'x') } catch (e) { return e.code } })`,
    Array(3).fill('STORAGE_NOT_FOUND'),
  ],
  ['delete: true, with all below', `[$storage.delete('m'), $storage.exists('m')]`, [true, false]],
  ['delete: nothing there is fine', `$storage.delete('none')`, true],
  [
    'delete: never the root',
    `['', '/', '.', 'a/..'].map(function (path) { try { return $storage.delete(path) } catch (e) { return e.code } })`,
    Array(4).fill('STORAGE_PATH'),
  ],
  ['paths stay inside', `$storage.read('../../../etc/passwd')`, throws('STORAGE_PATH')],
  [
    'getPath: the path inside of the storage, nothing of the server',
    `[$storage.getPath('a/b'), $storage.getPath('/a/../b')]`,
    ['/a/b', '/b'],
  ],
  ['getUrl: never fails', `typeof $storage.getUrl('none')`, 'string'],
  [
    'glob: paths; also over folders',
    `[$storage.glob('*.txt').sort(), $storage.glob('a/*/*.txt'), $storage.glob('**/c.txt').sort(), $storage.glob('nothing*')]`,
    [['b.txt', 'empty.txt', 'n.txt', 'old.txt'], ['a/b/c.txt'], ['a/b/c.txt', 'far/gone/c.txt'], []],
  ],
  ['glob: stays inside', `$storage.glob('../../*')`, throws('STORAGE_PATH')],
  [
    'zip and unzip: true',
    `[$storage.zip(['a', 'b.txt'], 'z/all.zip'), $storage.unzip('z/all.zip', 'out'), $storage.read('out/a/b/c.txt'), $storage.read('out/b.txt')]`,
    [true, true, 'x', 'hi'],
  ],
  ['unzip: throws for what is no archive', `$storage.unzip('b.txt', 'out2')`, throws('ARCHIVE_INVALID')],
  ['zip: throws for nothing', `$storage.zip(['none'], 'z.zip')`, throws('STORAGE_NOT_FOUND')],
  [
    'tmp: the same below tmp/',
    `[$storage.tmp.write('t.txt', 't'), $storage.tmp.read('t.txt'), $storage.read('tmp/t.txt'), $storage.tmp.list(''), $storage.tmp.exists('b.txt'), $storage.tmp.delete('t.txt')]`,
    [true, 't', 't', ['t.txt'], false, true],
  ],
]

const SQUARE = `
var canvas = $draw.createCanvas(40, 20)
canvas.clear('white'); canvas.setColor('#ff0000'); canvas.fillRect(0, 0, 20, 20)
canvas.save('in.png'); canvas.save('in.jpg')
$storage.write('broken.png', 'no picture')
var sizeOf = function (path) { var i = $image.info(path); return [i.width, i.height, i.format] }`

const image: Row[] = [
  [
    'info',
    `[sizeOf('in.png'), sizeOf('in.jpg')]`,
    [
      [40, 20, 'png'],
      [40, 20, 'jpeg'],
    ],
  ],
  ['info: throws for nothing', `$image.info('none.png')`, throws('STORAGE_NOT_FOUND')],
  ['info: throws for what is no picture', `$image.info('broken.png')`, throws('IMAGE_INVALID')],
  [
    'resize: exactly, and true',
    `[$image.resize('in.png', 'r/out.png', 10, 30), sizeOf('r/out.png')]`,
    [true, [10, 30, 'png']],
  ],
  [
    'resizeKeepRatio: within',
    `[$image.resizeKeepRatio('in.png', 'k.png', 10, 10), sizeOf('k.png')]`,
    [true, [10, 5, 'png']],
  ],
  ['crop: a part', `[$image.crop('in.png', 'c.png', 5, 5, 10, 8), sizeOf('c.png')]`, [true, [10, 8, 'png']]],
  ['crop: throws outside', `$image.crop('in.png', 'c.png', 35, 0, 10, 10)`, throws('IMAGE_OUT_OF_RANGE')],
  [
    'thumbnail: a square',
    `[$image.thumbnail('in.png', 't.jpg', 8), sizeOf('t.jpg')]`,
    [true, [8, 8, 'jpeg']],
  ],
  [
    'the format is that of the ending',
    `['o.jpg', 'o.webp', 'o.gif', 'o.png'].map(function (to) { $image.resize('in.png', to, 4, 4); return sizeOf(to)[2] })`,
    ['jpeg', 'webp', 'gif', 'png'],
  ],
  [
    'without an ending, that of the picture',
    `[$image.resize('in.png', 'noending', 4, 4), sizeOf('noending')[2]]`,
    [true, 'png'],
  ],
  [
    'readAsBase64: an address of data',
    `[$image.readAsBase64('in.png').slice(0, 22), $image.readAsBase64('in.jpg').slice(0, 23)]`,
    ['data:image/png;base64,', 'data:image/jpeg;base64,'],
  ],
  [
    'a picture may replace itself',
    `[$image.resize('k.png', 'k.png', 3, 3), sizeOf('k.png')]`,
    [true, [3, 3, 'png']],
  ],
]

const draw: Row[] = [
  [
    'createCanvas: 100 by 100 unless told',
    `(function (c) { return [c.width(), c.height()] })($draw.createCanvas())`,
    [100, 100],
  ],
  ['createCanvas: too large', `$draw.createCanvas(100000, 100000)`, throws('DRAW_CANVAS_TOO_LARGE')],
  [
    'save: true, a file of the ending',
    `[canvas.save('x/y.png'), canvas.save('y.jpg'), sizeOf('x/y.png'), sizeOf('y.jpg')]`,
    [true, true, [40, 20, 'png'], [40, 20, 'jpeg']],
  ],
  [
    'toBase64: png, else jpeg',
    `[canvas.toBase64('png').slice(0, 22), canvas.toBase64('jpeg').slice(0, 23), canvas.toBase64().slice(0, 11)]`,
    ['data:image/png;base64,', 'data:image/jpeg;base64,', 'data:image/'],
  ],
  [
    'every simple call is there',
    `['setColor', 'setLineWidth', 'clear', 'rect', 'fillRect', 'circle', 'fillCircle', 'line', 'ellipse', 'fillEllipse', 'arc', 'text', 'textCentered', 'setFont', 'setFontSize', 'roundedRect', 'fillRoundedRect', 'polygon', 'fillPolygon', 'save', 'toBase64', 'width', 'height', 'translate', 'rotate', 'scale', 'push', 'pop'].filter(function (name) { return typeof canvas[name] !== 'function' })`,
    [],
  ],
  [
    'all of them draw',
    `(function (c) {
      c.clear('#fff'); c.setColor('black'); c.setLineWidth(2); c.rect(1, 1, 5, 5); c.circle(10, 10, 4); c.fillCircle(10, 10, 2); c.line(0, 0, 9, 9)
      c.ellipse(20, 20, 5, 3); c.fillEllipse(20, 20, 2, 1); c.arc(9, 9, 5, 0, 3.14); c.setFontSize(14); c.text('Привет', 0, 30); c.textCentered('mid', 50, 50)
      c.roundedRect(1, 1, 20, 20, 4); c.fillRoundedRect(30, 30, 20, 20, 4); c.polygon([[0, 0], [5, 5], [0, 5]]); c.fillPolygon([[9, 9], [5, 5], [0, 5]])
      c.push(); c.translate(5, 5); c.rotate(1); c.scale(2, 2); c.fillRect(0, 0, 1, 1); c.pop(); return c.save('all.png') })($draw.createCanvas(60, 60))`,
    true,
  ],
  [
    'colours: names, #RGB, #RRGGBB, #RRGGBBAA, else black',
    `(function (png) { return [png('red') === png('#f00'), png('#f00') === png('#ff0000'), png('#ff0000') === png('#ff0000ff'), png('#ff000080') === png('red'), png('no colour') === png('black'), png('black') === png('red')] })(function (colour) { var c = $draw.createCanvas(2, 2); c.setColor(colour); c.fillRect(0, 0, 2, 2); return c.toBase64('png') })`,
    [true, true, true, false, true, false],
  ],
  ['setFont: throws for an unknown one', `canvas.setFont('none')`, throws('DRAW_FONT_UNKNOWN')],
  ['loadFont: throws for nothing', `$draw.loadFont('mine', 'none.ttf')`, throws('STORAGE_NOT_FOUND')],
  [
    'loadImage: a picture with its size',
    `(function (i) { return [typeof i, sizeOf('in.png')] })($draw.loadImage('in.png'))`,
    ['object', [40, 20, 'png']],
  ],
  ['loadImage: throws for nothing', `$draw.loadImage('none.png')`, throws('STORAGE_NOT_FOUND')],
]

const files = {
  'lib/price.js': `$exports({ double: function (n) { return n * 2 } }); $exports({ name: 'price' })`,
  'count.js': `var n = 0; $exports({ next: function () { return ++n } })`,
  'a.js': `$require('b')`,
  'b.js': `$require('a')`,
  'broken.js': `throw new Error('broken inside')`,
  'nothing.js': `var local = 1`,
  'uses.js': `var price = $require('lib/price'); $exports({ four: price.double(2), sees: typeof $router.get })`,
}

const require: Row[] = [
  [
    'an object of what the file exports, over several calls',
    `[$require('lib/price').double(4), $require('lib/price').name]`,
    [8, 'price'],
  ],
  [
    'a file runs once',
    `[$require('count').next(), $require('count').next(), $require('count') === $require('count')]`,
    [1, 2, true],
  ],
  ['a file has modules and other files', `$require('uses')`, { four: 4, sees: 'function' }],
  ['a file that exports nothing', `$require('nothing')`, {}],
  ['its variables are its own', `typeof local`, 'undefined'],
  ['an unknown file', `$require('none')`, throws('SERVICE_MODULE_NOT_FOUND')],
  [
    'an unknown file, in words',
    `(function () { try { $require('none') } catch (e) { return e.message.indexOf('module not found: none') === 0 } })()`,
    true,
  ],
  ['a circle', `$require('a')`, throws('SERVICE_MODULE_CYCLE')],
  [
    'a circle, in words',
    `(function () { try { $require('a') } catch (e) { return e.message.indexOf('circular dependency detected') === 0 } })()`,
    true,
  ],
  ['what a file throws', `$require('broken')`, throws('broken inside')],
  ['in main there is nothing to export to', `$exports({ a: 1 })`, throws('$exports is not defined')],
]

const hook: Row[] = [
  ['onAction: nothing is given back', `$hook.onAction('sync', function () {})`, 'undefined'],
  ['onAction: without a function', `$hook.onAction('sync')`, throws('HOOK_ACTION_INVALID')],
  ['onAction: without a slug', `$hook.onAction(function () {})`, throws('HOOK_ACTION_INVALID')],
  [
    'onAction: the last of a slug counts; a name of its own',
    `[$hook.onAction('sync', function () {}, 'Sync now'), $actions.list().map(function (a) { return [a.slug, a.name, a.state] })]`,
    [null, [['sync', 'Sync now', 'enabled']]],
  ],
  [
    'onModel…: many for a model',
    `[$hook.onModelInsert('products', function () {}), $hook.onModelInsert('products', function () {}), $hook.onModelUpdate('products', function () {}), $hook.onModelDelete('products', function () {})].length`,
    4,
  ],
  ['onModel…: without a function', `$hook.onModelInsert('products')`, throws('HOOK_HANDLER_INVALID')],
]

const ui: Row[] = [
  [
    'alert and toast: nobody there, nothing happens',
    `[typeof $ui.alert({ title: 'T', text: 't', severity: 'info' }), $ui.toast({ text: 't', severity: 'nothing', icon: 'x' })]`,
    ['object', null],
  ],
  [
    'confirm: null to the callback when nobody is there',
    `(function () { var seen = 'none'; $ui.confirm({ title: 'T', text: 't', yes: 'Y', no: 'N' }, function (answer) { seen = answer }); return [seen] })()`,
    [null],
  ],
  [
    'prompt: null to the callback when nobody is there',
    `(function () { var seen = 'none'; $ui.prompt({ title: 'T', text: 't' }, function (answer) { seen = answer }); return [seen] })()`,
    [null],
  ],
  [
    'form: null, and a handle that does no harm',
    `(function () { var seen = 'none'; $ui.form({ title: 'T', schema: [{ name: 'a', type: 'input', label: 'A', colspan: 'full' }], actions: [{ label: 'Go', variant: 'contained', action: 'go' }] }, function (form, answer) { form.loading(true); form.error({ a: 'no' }); form.close(); seen = answer }); return [seen] })()`,
    [null],
  ],
  ['options may be left out', `[typeof $ui.toast(), typeof $ui.alert()]`, ['undefined', 'object']],
]

describeTable('$storage', storage, { prepare })
describeTable('$image', image, { prepare, before: SQUARE })
describeTable('$draw', draw, { prepare, before: SQUARE })
describeTable('$require and $exports', require, { prepare: () => Promise.resolve({ files }) })
describeTable('$hook', hook, {})
describeTable('$ui', ui, {})
