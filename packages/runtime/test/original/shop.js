// A shop's REST interface as scripts of the original are written: ES5, everything answers at once.
var products = $database.collection('products')

$service.boot(function () {
  $router.use('/api', function (ctx) {
    if (ctx.method === 'GET') return
    if (ctx.headers['X-Api-Token'] !== $env.getString('API_TOKEN', 'none')) {
      ctx.response(401, { error: 'wrong token' })
      return false
    }
    ctx.seller = 'till 1'
  })

  $router.get('/api/products', function (ctx) {
    var filter = {}
    if (ctx.query.q) filter.title = { $contains: ctx.query.q }
    if (ctx.query.max) filter.price = { $lte: Number(ctx.query.max) }
    var page = $database
      .collection('products')
      .findWithOptions(filter, { page: 1, limit: 2, sort: 'price', order: 'desc' })
    return ctx.response(200, { items: page, total: products.count(filter) })
  })

  $router.get('/api/products/:id', function (ctx) {
    var product = products.findOne({ _id: ctx.params.id })
    if (!product) return ctx.response(404, { error: 'not found' })
    return product
  })

  $router.post('/api/products', function (ctx) {
    var data = JSON.parse(ctx.body)
    try {
      data.soldBy = ctx.seller
      var product = products.insert(data)
      return ctx.response(201, product, { 'X-Product': product._id })
    } catch (e) {
      return ctx.response(422, { error: String(e.message || e) })
    }
  })

  $router.put('/api/products/:id', function (ctx) {
    return { ok: products.update(ctx.params.id, { price: ctx.body.price }) }
  })

  $router.post('/api/products/:id/sell', function (ctx) {
    var before = products.findOneAndUpdate(
      { title: ctx.params.id, stock: { $gt: 0 } },
      { $inc: { stock: -1 }, soldBy: 'shop' },
    )
    return { before: before.stock, after: products.findOne({ title: ctx.params.id }).stock }
  })

  $router.delete('/api/products/:id', function (ctx) {
    return { ok: products.delete(ctx.params.id) }
  })

  $router.post('/api/stock', function (ctx) {
    var result = products.upsert(
      { title: ctx.body.title },
      { title: ctx.body.title, stock: ctx.body.stock, price: 1 },
    )
    return { id: typeof result.id, stock: result.data.stock, at: typeof result.created_at }
  })

  $router.get('/quiet', function () {
    var none = $database.collection('nothing')
    return { find: none.find({}), one: none.findOne({}), count: none.count() }
  })

  $router.get('/null', function () {})
  $router.get('/text', function (ctx) {
    ctx.response(202, 'plain', { 'Content-Type': 'text/csv' })
  })
  $router.get('/old', function (ctx) {
    ctx.redirect('/api/products')
  })
  $router.get('/status-word', function () {
    return { status: 'ok' }
  })
  $router.get('/envelope', function () {
    return { status: 418, body: { tea: true }, headers: { 'X-Tea': 'yes' } }
  })
})

$service.start(function () {
  $logger.info('shop is open', { products: products.count() })
})
$service.shutdown(function () {
  console.log('shop closes')
})
