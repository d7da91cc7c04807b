// Takes a picture, keeps it in the storage and gives back thumbnails by address.
//   curl -F picture=@photo.jpg …/pictures      → {"id":"…","width":4032,"height":3024}
//   curl -o small.webp …/pictures/<id>/320     → at most 320 pixels wide and high
const SIZES = [64, 320, 1024]
const TYPES = ['image/jpeg', 'image/png', 'image/webp', 'image/gif']

service.boot(() => {
  router.post('/pictures', async (ctx) => {
    const file = ctx.files.find(({ field }) => field === 'picture')
    if (!file) return router.response(400, { error: 'send a multipart form with the file `picture`' })
    if (!TYPES.includes(file.type)) return router.response(415, { error: `one of ${TYPES.join(', ')}` })
    const id = crypto.uuid()
    const path = original(id)
    await storage.write(path, file.bytes)
    try {
      const { width, height } = await image.info(path)
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
    const path = `thumbnails/${id}-${size}.webp`
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
