// Files, archives, pictures: every call answers true or the value itself.
$router.get('/files', function () {
  $storage.write('/notes/a.txt', 'first')
  $storage.append('notes/a.txt', ' second')
  $storage.mkdir('empty/deep')
  $storage.copy('notes/a.txt', 'notes/b.txt')
  $storage.move('notes/b.txt', 'moved/c.txt')
  var renameFails
  try {
    $storage.rename('moved/c.txt', 'nowhere/c.txt')
  } catch (e) {
    renameFails = true
  }
  var rootStays
  try {
    $storage.delete('/')
  } catch (e) {
    rootStays = true
  }
  $storage.tmp.write('x.txt', 'temporary')
  $storage.zip(['notes', 'moved'], 'all.zip')
  $storage.unzip('all.zip', 'again')
  var stat = $storage.stat('notes/a.txt')
  return {
    read: $storage.read('notes/a.txt'),
    base64: $storage.readBase64('notes/a.txt'),
    list: $storage.list('notes'),
    exists: [$storage.exists('moved/c.txt'), $storage.exists('nothing'), $storage.exists('../../etc/passwd')],
    stat: {
      name: stat.name,
      size: stat.size,
      isDir: stat.isDir,
      mimeType: stat.mimeType,
      seconds: stat.updatedAt < 1e11,
      url: typeof stat.url,
    },
    size: $storage.size('notes/a.txt'),
    type: $storage.mimeType('x.png'),
    glob: $storage.glob('**/*.txt'),
    path: $storage.getPath('notes/a.txt'),
    tmp: $storage.read('tmp/x.txt'),
    again: $storage.read('again/notes/a.txt'),
    renameFails: renameFails,
    rootStays: rootStays,
    deleted: $storage.delete('notes'),
    gone: $storage.exists('notes/a.txt'),
  }
})

$router.get('/picture', function () {
  var canvas = $draw.createCanvas(120, 80)
  canvas.setColor('#ff0000')
  canvas.fillRect(0, 0, 120, 80)
  canvas.setColor('white')
  canvas.setFontSize(20)
  canvas.textCentered('Привет', 60, 40)
  var saved = canvas.save('banner.png')
  return {
    saved: saved,
    data: canvas.toBase64('png').slice(0, 22),
    size: [canvas.width(), canvas.height()],
    resized: $image.resize('banner.png', 'small.png', 30, 20),
    small: $image.info('small.png'),
    kept: $image.resizeKeepRatio('banner.png', 'kept.jpg', 60, 60) && $image.info('kept.jpg'),
    thumb: $image.thumbnail('banner.png', 'thumb.png', 16) && $image.info('thumb.png').width,
    cropped: $image.crop('banner.png', 'crop.png', 0, 0, 10, 5) && $image.info('crop.png').height,
    uri: $image.readAsBase64('small.png').slice(0, 22),
  }
})
