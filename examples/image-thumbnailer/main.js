// Takes a picture, keeps it in the storage and gives back thumbnails by address. The address of the service shows a form;
// programs do
//   curl -F picture=@photo.jpg …/pictures      → {"id":"…","width":4032,"height":3024}
//   curl -o small.webp …/pictures/<id>/320     → at most 320 pixels wide and high
const SIZES = [64, 320, 1024]
const TYPES = ['image/jpeg', 'image/png', 'image/webp', 'image/gif']

service.boot(() => {
  router.get('/', (ctx) => ctx.html(PAGE))

  router.post('/pictures', async (ctx) => {
    const file = ctx.files.find(({ field }) => field === 'picture')
    if (!file) return router.response(400, { error: 'send a multipart form with the file `picture`' })
    const id = crypto.uuid()
    const path = original(id)
    await storage.write(path, file.bytes)
    try {
      const { width, height, format } = await image.info(path)
      // By its bytes: what the sender says of it may be wrong.
      if (!TYPES.includes(`image/${format}`)) throw new Error(`send one of ${TYPES.join(', ')}`)
      // The head of a picture whose upload broke off can be read; making a thumbnail reads all of it.
      await image.resizeKeepRatio(path, thumbnail(id, SIZES[0]), SIZES[0], SIZES[0])
      return router.response(201, { id, width, height })
    } catch (error) {
      await storage.delete(path)
      return router.response(422, { error: `not a picture: ${error.message}` })
    }
  })

  router.get('/pictures/:id/:size', async (ctx) => {
    const { id } = ctx.params
    const size = Number(ctx.params.size)
    if (!SIZES.includes(size)) return router.response(404, { error: `sizes are ${SIZES.join(', ')}` })
    if (!validator.isUUID(id) || !(await storage.exists(original(id))))
      return router.response(404, { error: 'no such picture' })
    const path = thumbnail(id, size)
    // Made when it is first asked for.
    if (!(await storage.exists(path))) await image.resizeKeepRatio(original(id), path, size, size)
    return router.file(path, { maxAge: 86_400 })
  })

  // Thumbnails are made again when they are asked for.
  schedule.weekly(1, async () => {
    for (const path of await storage.glob('thumbnails/*.webp')) await storage.delete(path)
  })
})

const original = (id) => `originals/${id}`
const thumbnail = (id, size) => `thumbnails/${id}-${size}.webp`

const PAGE = `<!doctype html>
<meta name="viewport" content="width=device-width">
<title>Thumbnails</title>
<style>
  body { font: 16px system-ui; max-width: 40rem; margin: 3rem auto; padding: 0 1rem }
  img { display: block; max-width: 100%; margin-top: 1rem }
</style>
<h1>Thumbnails</h1>
<input type="file" accept="${TYPES.join()}" aria-label="Picture">
<p role="status"></p>
<script>
  document.querySelector('input').onchange = async (event) => {
    const form = new FormData()
    form.append('picture', event.target.files[0])
    const answer = await fetch('pictures', { method: 'POST', body: form })
    const { id, width, height, error } = await answer.json()
    const said = document.querySelector('p')
    said.replaceChildren(answer.ok ? width + ' × ' + height : error)
    for (const size of answer.ok ? ${JSON.stringify(SIZES)} : []) {
      const picture = new Image()
      picture.src = 'pictures/' + id + '/' + size
      picture.alt = 'At most ' + size + ' pixels'
      said.append(picture)
    }
  }
</script>`
